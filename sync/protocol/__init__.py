"""The protocol between a holder and the site: JSON over HTTP, the same messages for both ends, said here once.

A *holder* is who leases points: a till, or a relay that holds for all tills of its store. Each has a token and
speaks for one or more journals (`terminal_id`); a relay answers its tills with the messages that the site sends it.

================== =========== =========== ======================================================================
POST               request     answer      done by
================== =========== =========== ======================================================================
/v1/enrol          `Enrol`     `Enrolled`  a new till, with a one-time code in place of a token
/v1/push           `Push`      `Pushed`    the holder, whenever its journal has grown; idempotent
/v1/pull           `Pull`      `Page`      the holder, all the time (long poll); reads only
/v1/grants/ask     `AskGrant`  `Told`      a till whose cashier waits; repeatable
/v1/grants/codes   `AskCodes`  `Told`      a till whose cashier waits for a limited offer or code; repeatable
/v1/grants/reclaim `Reclaim`   `Reclaimed` the holder, to a site that was restored from a backup; idempotent
/v1/lookup         `LookUp`    `Told`      a till that finds nobody; the nightly repair
/v1/digest         `AskDigest` `Digest`    the nightly comparison
/v1/digest/bucket  `AskBucket` `Bucket`    the same, for an unequal bucket
================== =========== =========== ======================================================================

Every request and answer has the header `Tillmate-Protocol: 1`; bodies may be gzip (`Content-Encoding`). Any status
but 200 carries a `Fault`. Points and money are whole numbers; times are UTC milliseconds; days are the shop's.

What a till shows of a customer is the account as the site told it, as of `applied`, and the till's own entries
after that seq. Each figure is made in the same way: balance = `points` + points of own later entries; a lot's
`left` and `held` = the site's + the moves of own later entries on that lot. What it may redeem is `held`, so
whatever is lost or late on the way, it never spends what another holder has.
"""

from sync.protocol.accounts import Account as Account
from sync.protocol.accounts import CardState as CardState
from sync.protocol.accounts import Consent as Consent
from sync.protocol.accounts import HeldElsewhere as HeldElsewhere
from sync.protocol.accounts import Identity as Identity
from sync.protocol.accounts import LotState as LotState
from sync.protocol.accounts import Mark as Mark
from sync.protocol.accounts import Membership as Membership
from sync.protocol.accounts import Person as Person
from sync.protocol.accounts import PersonalOffer as PersonalOffer
from sync.protocol.accounts import Referral as Referral
from sync.protocol.asking import ASK_CODES as ASK_CODES
from sync.protocol.asking import ASK_GRANT as ASK_GRANT
from sync.protocol.asking import LOOK_UP as LOOK_UP
from sync.protocol.asking import RECLAIM as RECLAIM
from sync.protocol.asking import AskCodes as AskCodes
from sync.protocol.asking import AskGrant as AskGrant
from sync.protocol.asking import LookUp as LookUp
from sync.protocol.asking import Reclaim as Reclaim
from sync.protocol.asking import Reclaimed as Reclaimed
from sync.protocol.asking import Told as Told
from sync.protocol.digest import BUCKET as BUCKET
from sync.protocol.digest import DIGEST as DIGEST
from sync.protocol.digest import AskBucket as AskBucket
from sync.protocol.digest import AskDigest as AskDigest
from sync.protocol.digest import Bucket as Bucket
from sync.protocol.digest import CustomerDigest as CustomerDigest
from sync.protocol.digest import Digest as Digest
from sync.protocol.digest import account_digest as account_digest
from sync.protocol.digest import bucket_of as bucket_of
from sync.protocol.digest import sum_up as sum_up
from sync.protocol.enrolment import ENROL as ENROL
from sync.protocol.enrolment import Enrol as Enrol
from sync.protocol.enrolment import Enrolled as Enrolled
from sync.protocol.enrolment import ShopFacts as ShopFacts
from sync.protocol.faults import STATUS as STATUS
from sync.protocol.faults import Code as Code
from sync.protocol.faults import Fault as Fault
from sync.protocol.faults import Held as Held
from sync.protocol.faults import WhyHeld as WhyHeld
from sync.protocol.limits import BUCKETS as BUCKETS
from sync.protocol.limits import MAX_BODY_BYTES as MAX_BODY_BYTES
from sync.protocol.limits import MAX_ENTRIES as MAX_ENTRIES
from sync.protocol.limits import MAX_PAGE as MAX_PAGE
from sync.protocol.limits import MAX_WAIT_S as MAX_WAIT_S
from sync.protocol.limits import VERSION as VERSION
from sync.protocol.limits import VERSION_HEADER as VERSION_HEADER
from sync.protocol.pulling import PULL as PULL
from sync.protocol.pulling import Applied as Applied
from sync.protocol.pulling import Asset as Asset
from sync.protocol.pulling import Grant as Grant
from sync.protocol.pulling import GrantedLot as GrantedLot
from sync.protocol.pulling import Group as Group
from sync.protocol.pulling import HolderName as HolderName
from sync.protocol.pulling import Page as Page
from sync.protocol.pulling import Product as Product
from sync.protocol.pulling import ProgrammeVersion as ProgrammeVersion
from sync.protocol.pulling import PromoCode as PromoCode
from sync.protocol.pulling import Pull as Pull
from sync.protocol.pulling import Recall as Recall
from sync.protocol.pulling import Removed as Removed
from sync.protocol.pulling import SiteOrder as SiteOrder
from sync.protocol.pulling import StaffMember as StaffMember
from sync.protocol.pulling import UseTotal as UseTotal
from sync.protocol.pushing import LEASE_RETURN as LEASE_RETURN
from sync.protocol.pushing import MAY_OWE as MAY_OWE
from sync.protocol.pushing import PUSH as PUSH
from sync.protocol.pushing import REPLICA_MENDED as REPLICA_MENDED
from sync.protocol.pushing import Push as Push
from sync.protocol.pushing import Pushed as Pushed
from sync.protocol.pushing import SentPerson as SentPerson
from sync.protocol.pushing import WireEntry as WireEntry
from sync.protocol.pushing import draft_of_wire as draft_of_wire
from sync.protocol.pushing import to_wire as to_wire
from sync.protocol.sales import LotMove as LotMove
from sync.protocol.sales import Sale as Sale
from sync.protocol.sales import SoldLine as SoldLine
from sync.protocol.wire import Malformed as Malformed
from sync.protocol.wire import TooLarge as TooLarge
from sync.protocol.wire import decode as decode
from sync.protocol.wire import encode as encode
from sync.protocol.wire import gunzip as gunzip
