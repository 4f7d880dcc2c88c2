"""Indices and maps of customers' satisfaction and loyalty, and the scales and plans that lead to them.

Every function takes a data frame of any library, or a `Survey`, with the names of columns in their roles, and returns a
frozen record that holds frames; `lvmodels.draw` makes a figure of it.
"""

from lvmodels.loyalty.indices.curve import LoyaltyCurve, satisfaction_loyalty_curve
from lvmodels.loyalty.indices.delivered_value import DeliveredValue, core_value, delivered_value, relationship_value
from lvmodels.loyalty.indices.gaps import GapScores, ServiceQuality, gap_scores, servqual
from lvmodels.loyalty.indices.importance_performance import ImportancePerformanceMap, importance_performance
from lvmodels.loyalty.indices.indicators import (
    LOYALTY_INDICATORS,
    SATISFACTION_INDICATORS,
    IndicatorIndex,
    LoyaltyForm,
    indicator_index,
    loyalty_form,
    loyalty_indicators,
    satisfaction_indicators,
)
from lvmodels.loyalty.indices.kano import Kano, kano
from lvmodels.loyalty.indices.plan import MeasurementPlan, measurement_plan
from lvmodels.loyalty.indices.promoters import NetPromoterScore, net_promoter_score, promoter_interval
from lvmodels.loyalty.indices.response import ResponseAccount, response_account, sample_size
from lvmodels.loyalty.indices.satisfaction_index import SatisfactionIndex, satisfaction_index
from lvmodels.loyalty.indices.scales import (
    ItemBlock,
    build_instrument,
    likert_items,
    likert_scale,
    semantic_differential,
)
from lvmodels.loyalty.indices.value_map import ValueMap, value_map

__all__ = [
    "LOYALTY_INDICATORS",
    "SATISFACTION_INDICATORS",
    "DeliveredValue",
    "GapScores",
    "ImportancePerformanceMap",
    "IndicatorIndex",
    "ItemBlock",
    "Kano",
    "LoyaltyCurve",
    "LoyaltyForm",
    "MeasurementPlan",
    "NetPromoterScore",
    "ResponseAccount",
    "SatisfactionIndex",
    "ServiceQuality",
    "ValueMap",
    "build_instrument",
    "core_value",
    "delivered_value",
    "gap_scores",
    "importance_performance",
    "indicator_index",
    "kano",
    "likert_items",
    "likert_scale",
    "loyalty_form",
    "loyalty_indicators",
    "measurement_plan",
    "net_promoter_score",
    "promoter_interval",
    "relationship_value",
    "response_account",
    "sample_size",
    "satisfaction_index",
    "satisfaction_indicators",
    "satisfaction_loyalty_curve",
    "semantic_differential",
    "servqual",
    "value_map",
]
