"""What statuses and actions are called in the middle of a sentence; marked here, translated where they are shown."""

from collections.abc import Mapping

from django.utils.translation import gettext_noop as N_

from returns.domain.workflow import Action, Status

STATUS_WORDS: Mapping[Status, str] = {
    Status.SUBMITTED: N_("submitted"),
    Status.IN_REVIEW: N_("in review"),
    Status.INFORMATION_REQUESTED: N_("waiting for information"),
    Status.AUTHORIZED: N_("authorized"),
    Status.SHIPPED: N_("on its way"),
    Status.RECEIVED: N_("received"),
    Status.INSPECTED: N_("inspected"),
    Status.DIFFERENCE_SENT: N_("waiting for the customer's answer"),
    Status.COMPLETED: N_("completed"),
    Status.REJECTED: N_("rejected"),
    Status.REDIRECTED: N_("redirected"),
    Status.WITHDRAWN: N_("withdrawn"),
    Status.EXPIRED: N_("expired"),
}

ACTION_WORDS: Mapping[Action, str] = {
    Action.TAKE: N_("take"),
    Action.REQUEST_INFORMATION: N_("ask for information"),
    Action.ANSWER: N_("answer"),
    Action.AUTHORIZE: N_("authorize"),
    Action.REJECT: N_("reject"),
    Action.REDIRECT: N_("redirect"),
    Action.WITHDRAW: N_("withdraw"),
    Action.SHIP: N_("mark as shipped"),
    Action.RECEIVE: N_("receive"),
    Action.RECEIVE_LATE: N_("receive late"),
    Action.INSPECT: N_("inspect"),
    Action.SEND_DIFFERENCE: N_("send the difference"),
    Action.ANSWER_DIFFERENCE: N_("answer the difference"),
    Action.SETTLE: N_("settle"),
    Action.SETTLE_WITHOUT_GOODS: N_("settle without goods"),
    Action.EXPIRE: N_("expire"),
    Action.CLOSE_LOST: N_("close as never arrived"),
    Action.REOPEN: N_("re-open"),
}
