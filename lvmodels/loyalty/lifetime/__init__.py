"""Customer lifetime value: closed forms, retention and migration, and models fitted to purchase histories.

Money is in one currency of the user's choice. Rates and probabilities are shares: 9 % is 0.09. A period is whatever the
rate belongs to, mostly a year; models fitted to purchases count in the time unit of their data.
"""

from lvmodels.loyalty.lifetime.annuity import annuity
from lvmodels.loyalty.lifetime.bg_nbd import BgNbd, bg_nbd, simulate_bg_nbd
from lvmodels.loyalty.lifetime.closed_forms import (
    Profitability,
    contribution_value,
    profit_value,
    profitability,
    revenue_value,
)
from lvmodels.loyalty.lifetime.gamma_gamma import GammaGamma, gamma_gamma
from lvmodels.loyalty.lifetime.histories import purchase_histories
from lvmodels.loyalty.lifetime.migration import Migration, migration_value, transition_matrix
from lvmodels.loyalty.lifetime.pareto_nbd import ParetoNbd, pareto_nbd
from lvmodels.loyalty.lifetime.profit_sources import ProfitSources, profit_sources
from lvmodels.loyalty.lifetime.rebates import Voucher, profit_share, voucher
from lvmodels.loyalty.lifetime.retention import RetentionLever, retention_lever, retention_value
from lvmodels.loyalty.lifetime.shifted_beta_geometric import ShiftedBetaGeometric, shifted_beta_geometric
from lvmodels.loyalty.lifetime.wallet import relationship_revenue, wallet_share, wallet_value

__all__ = [
    "BgNbd",
    "GammaGamma",
    "Migration",
    "ParetoNbd",
    "ProfitSources",
    "Profitability",
    "RetentionLever",
    "ShiftedBetaGeometric",
    "Voucher",
    "annuity",
    "bg_nbd",
    "contribution_value",
    "gamma_gamma",
    "migration_value",
    "pareto_nbd",
    "profit_share",
    "profit_sources",
    "profit_value",
    "profitability",
    "purchase_histories",
    "relationship_revenue",
    "retention_lever",
    "retention_value",
    "revenue_value",
    "shifted_beta_geometric",
    "simulate_bg_nbd",
    "transition_matrix",
    "voucher",
    "wallet_share",
    "wallet_value",
]
