"""Customers: who they are, how to reach them, what they agreed to, who must not be written to.

Rows: Customer, CustomerRef, Address, Consent, Suppression, Tombstone.
Verbs: identify and record_customers (others' facts become customers), record_consents, suppress,
lift_suppression, unsubscribe, erase_customer, keep_sums.
Questions: reach, known_customers, customer_by_email, suppressed_among.
Errors: ComplainedForGood, NotFound.
"""

from px.customers.addresses import (
    ConsentFacts,
    CustomerFacts,
    country_code,
    normalise_email,
    normalise_phone,
    reached_by,
)
from px.customers.consent import NewConsent, record_consents
from px.customers.identity import (
    OrderSums,
    Recorded,
    identify,
    keep_sums,
    record_customers,
)
from px.customers.overview import (
    AddressLine,
    ConsentLine,
    CustomerFilter,
    CustomerRow,
    SuppressionLine,
    addresses_of,
    consents_of,
    countries,
    customer_count,
    customer_rows,
    suppressions_of,
)
from px.customers.queries import (
    KnownCustomer,
    Reach,
    customer_by_email,
    known_customers,
    reach,
    traits_in_use,
)
from px.customers.suppression import (
    ComplainedForGood,
    lift_suppression,
    suppress,
    suppressed_among,
    unsubscribe,
)
from px.customers.tombstones import erase_customer

__all__ = [
    "AddressLine",
    "ComplainedForGood",
    "ConsentFacts",
    "ConsentLine",
    "CustomerFacts",
    "CustomerFilter",
    "CustomerRow",
    "KnownCustomer",
    "NewConsent",
    "OrderSums",
    "Reach",
    "Recorded",
    "SuppressionLine",
    "addresses_of",
    "consents_of",
    "countries",
    "country_code",
    "customer_by_email",
    "customer_count",
    "customer_rows",
    "erase_customer",
    "identify",
    "keep_sums",
    "known_customers",
    "lift_suppression",
    "normalise_email",
    "normalise_phone",
    "reach",
    "reached_by",
    "record_consents",
    "record_customers",
    "suppress",
    "suppressed_among",
    "suppressions_of",
    "traits_in_use",
    "unsubscribe",
]
