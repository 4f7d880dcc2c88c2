"""Classes of customers: by rules on attitude, behaviour, satisfaction, value and purchases, or found in the data.

Each classification takes a frame and the columns that play its roles, and returns a record with labels, a profile of
the classes with tests, the cut points, and a log of what was done with ties and missing values.
"""

from lvmodels.loyalty.segments.concentration import Concentration, WhaleCurve, concentration, whale_curve
from lvmodels.loyalty.segments.diamond import loyalty_diamond
from lvmodels.loyalty.segments.grades import closing_grades, relationship_level, weighted_grades
from lvmodels.loyalty.segments.latent_classes import LatentClasses, latent_classes
from lvmodels.loyalty.segments.matrices import attachment, attitude_behaviour, loyalty_value, satisfaction_loyalty
from lvmodels.loyalty.segments.movement import Transitions, transitions
from lvmodels.loyalty.segments.origins import loyalty_origin
from lvmodels.loyalty.segments.purchases import loyalty_kind, purchases_by, transactional_loyalty
from lvmodels.loyalty.segments.pyramids import METALS, combined_pyramid, pyramid
from lvmodels.loyalty.segments.record import Classification
from lvmodels.loyalty.segments.stage_rules import Condition, Stage
from lvmodels.loyalty.segments.stages import SCHEMES, ladder, stages

__all__ = [
    "METALS",
    "SCHEMES",
    "Classification",
    "Concentration",
    "Condition",
    "LatentClasses",
    "Stage",
    "Transitions",
    "WhaleCurve",
    "attachment",
    "attitude_behaviour",
    "closing_grades",
    "combined_pyramid",
    "concentration",
    "ladder",
    "latent_classes",
    "loyalty_diamond",
    "loyalty_kind",
    "loyalty_origin",
    "loyalty_value",
    "purchases_by",
    "pyramid",
    "relationship_level",
    "satisfaction_loyalty",
    "stages",
    "transactional_loyalty",
    "transitions",
    "weighted_grades",
    "whale_curve",
]
