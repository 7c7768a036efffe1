"""The life of a policy version: a draft is begun, edited and published or dropped. What is published never changes.

The version in force when an order was placed decides (RES-55). So a later version begins on a later day, and orders
placed before that day keep theirs; only the first version of a storefront governs all its orders from the start.
"""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max

from returns.domain.clause_numbers import stray_numbers
from returns.domain.policy import PolicyTerms
from returns.models import PolicyVersion, Storefront, StorefrontChange
from returns.services.errors import Refused
from returns.services.storefront_history import note
from returns.wording.phrases import plain_date

if TYPE_CHECKING:
    from accounts.models import User


AHEAD = timedelta(days=5 * 366)


class DraftMoved(Refused):
    """Somebody else saved or published the draft since the page was shown."""


@transaction.atomic
def begin_draft(*, storefront: Storefront, copied: PolicyVersion, by: "User", now: datetime) -> PolicyVersion:
    """A draft with the terms of ``copied``, in this storefront's currency and time zone.

    Raises Refused where there is a draft already.
    """
    _lock(storefront)
    if storefront.policy_versions.drafts().exists():
        raise Refused("There is a draft already. Edit it, or drop it first.")
    terms = replace(copied.parsed(), timezone=storefront.timezone, currency=storefront.currency)
    last = storefront.policy_versions.aggregate(last=Max("number"))["last"] or 0
    return PolicyVersion.objects.create(
        storefront=storefront,
        number=last + 1,
        terms=terms.as_data(),
        copied_from=copied,
        edited_by=by,
        edited_at=now,
    )


@transaction.atomic
def keep_draft(
    *, version: PolicyVersion, terms: PolicyTerms, seen: datetime | None, by: "User", now: datetime
) -> PolicyVersion:
    """Save the terms of a draft. ``seen`` is its ``edited_at`` on the page. Raises Refused, DraftMoved."""
    draft = _draft(version, seen)
    draft.terms, draft.edited_by, draft.edited_at = terms.as_data(), by, now
    draft.save(update_fields=["terms", "edited_by", "edited_at"])
    return draft


@transaction.atomic
def drop_draft(*, version: PolicyVersion, by: "User", now: datetime) -> None:
    """Throw a draft away, its replays with it. Raises Refused where it is published."""
    draft = _draft(version, version.edited_at)
    number, storefront = draft.number, draft.storefront
    draft.delete()
    note(
        storefront=storefront,
        area=StorefrontChange.POLICY,
        changes=[(f"Version {number}", "draft", "dropped")],
        by=by,
        now=now,
    )


@transaction.atomic
def publish(
    *,
    version: PolicyVersion,
    begins_on: date | None,
    reason: str,
    seen: datetime | None,
    keeps_words: bool = False,
    by: "User",
    now: datetime,
) -> PolicyVersion:
    """Publish a draft for orders placed from ``begins_on`` on, a day at the storefront.

    The first version of a storefront has no such day: it holds at once, for all its orders. ``keeps_words``: the person
    has seen which numbers of its clauses the policy doesn't have, and means them. Raises Refused naming the field,
    DraftMoved.
    """
    draft = _draft(version, seen)
    if not reason.strip():
        raise Refused("Write why, for the record.", field="reason")
    if not keeps_words and (strays := stray_numbers(draft.parsed())):
        raise Refused(
            f"{'; '.join(stray.words for stray in strays)}. Correct the words, or tick that they are meant so.",
            field="keeps_words",
        )
    draft.effective_from = _beginning(draft, begins_on, now)
    draft.published_at, draft.published_by, draft.reason = now, by, reason.strip()
    draft.save(update_fields=["effective_from", "published_at", "published_by", "reason"])
    since = f"for orders from {plain_date(begins_on)} on" if draft.effective_from and begins_on else "for all orders"
    note(
        storefront=draft.storefront,
        area=StorefrontChange.POLICY,
        changes=[(f"Version {draft.number}", "draft", f"published {since}: {draft.reason}")],
        by=by,
        now=now,
    )
    return draft


def earliest_day(storefront: Storefront, now: datetime) -> date | None:
    """The first day on which a new version may begin; None where it is the first one, which begins at once."""
    published = storefront.policy_versions.published()
    if not published.exists():
        return None
    tomorrow = now.astimezone(storefront.zone).date() + timedelta(days=1)
    last = published.aggregate(last=Max("effective_from"))["last"]
    return tomorrow if last is None else max(tomorrow, last.astimezone(storefront.zone).date() + timedelta(days=1))


def _beginning(draft: PolicyVersion, begins_on: date | None, now: datetime) -> datetime | None:
    earliest = earliest_day(draft.storefront, now)
    if earliest is None:
        return None
    if begins_on is None:
        raise Refused("Choose the day from which it holds.", field="begins_on")
    if begins_on < earliest:
        raise Refused(
            f"Choose {plain_date(earliest)} or later: orders that are placed before keep the version of their day.",
            field="begins_on",
        )
    if begins_on > earliest + AHEAD:
        raise Refused("Choose a day within the next five years.", field="begins_on")
    return datetime.combine(begins_on, time.min, draft.storefront.zone)


def _lock(storefront: Storefront) -> None:
    Storefront.objects.select_for_update(no_key=True).get(pk=storefront.pk)


def _draft(version: PolicyVersion, seen: datetime | None) -> PolicyVersion:
    """The draft, locked with its storefront; Refused for what is published, dropped or edited since."""
    _lock(version.storefront)
    draft = PolicyVersion.objects.select_related("storefront").filter(pk=version.pk).first()
    if draft is None:
        raise Refused("This draft was dropped.")
    if not draft.is_draft:
        raise Refused(f"Version {draft.number} is published, and never changes. Begin a new draft.")
    if draft.edited_at != seen:
        who = draft.edited_by.get_short_name() if draft.edited_by else "Somebody"
        raise DraftMoved(f"{who} has saved this draft since you opened it. Look at it again before you go on.")
    return draft
