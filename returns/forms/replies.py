"""Reply templates: what managers write, and the picker that puts one into a field at the desk."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict

from returns.domain import replies
from returns.domain.replies import LONGEST, Placeholder, Use
from returns.forms.lines import LineField
from returns.models import ReplyTemplate, ReturnRequest, Storefront
from returns.services.replies import Wording, filled

USES = [
    (Use.ASK.value, "Asking for information"),
    (Use.REJECT.value, "Rejecting a request"),
    (Use.MESSAGE.value, "A message"),
]
FILL = "put_in"
"""The button that puts a template into the field; whatever else the form does, it doesn't do then."""


class TemplateForm(forms.Form):
    """A template as a manager writes it."""

    storefront = forms.ChoiceField(label="Storefront")
    use = forms.ChoiceField(label="Offered when", choices=USES)
    language = forms.ChoiceField(label="For customers who read", choices=settings.LANGUAGES)
    name = LineField(
        label="Name",
        max_length=80,
        help_text="Staff choose it by this. Customers never see it.",
        error_messages={"required": "Give it a name."},
    )
    body = forms.CharField(
        label="Text",
        max_length=max(LONGEST.values()),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Staff can still change it before it is sent. Placeholders are listed below.",
        error_messages={"required": "Write the text."},
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, storefronts: Sequence[Storefront], fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["storefront"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
        field.choices = [(shop.slug, shop.name) for shop in storefronts]
        if fixed or len(storefronts) == 1:
            field.widget, field.required = forms.HiddenInput(), False

    def clean_body(self) -> str:
        """Only known placeholders."""
        body: str = self.cleaned_data["body"]
        if unknown := replies.unknown_in(body):
            raise forms.ValidationError(f"{', '.join(unknown)} isn't one of the placeholders below.")
        return body

    def clean(self) -> dict[str, Any]:
        """As long as the field that takes it, at most."""
        data = super().clean() or {}
        use, body = data.get("use"), data.get("body", "")
        if use and len(body) > LONGEST[use]:
            self.add_error("body", f"At most {LONGEST[use]:,} characters when it is offered for this.")
        return data

    @property
    def wording(self) -> Wording:
        """What was written, once the form is valid."""
        data = self.cleaned_data
        return Wording(Use(data["use"]), data["language"], data["name"], data["body"])


PLACEHOLDERS = [(f"{{{one.value}}}", replies.MEANINGS[one]) for one in Placeholder]
"""What the page lists below the form."""


class ReplyPicker:
    """The templates a person may put into a field about this return: those in the customer's language first."""

    def __init__(self, request: ReturnRequest, use: Use, chosen: str = "") -> None:
        self.request, self.chosen = request, chosen
        offered = ReplyTemplate.objects.offered(request.storefront_id, use.value)
        self.templates = sorted(offered, key=lambda one: (one.language != request.language, one.name.lower()))

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """Value, name and whether it is chosen; the name says the language where it isn't the customer's."""
        languages = dict(settings.LANGUAGES)
        return [
            (
                str(one.public_id),
                one.name if one.language == self.request.language else f"{one.name} ({languages[one.language]})",
                str(one.public_id) == self.chosen,
            )
            for one in self.templates
        ]

    def put_into(self, typed: str) -> str:
        """What was typed with the chosen template filled in below it; only that where nothing is chosen."""
        template = next((one for one in self.templates if str(one.public_id) == self.chosen), None)
        if template is None:
            return typed
        text = filled(template, self.request)
        return f"{typed.rstrip()}\n\n{text}" if typed.strip() else text


class LinePicker(ReplyPicker):
    """The templates of a rejection, for what the customer reads about one line; `line` is the prefix of its form."""

    def __init__(self, request: ReturnRequest, line: str, chosen: str = "") -> None:
        super().__init__(request, Use.REJECT, chosen)
        self.line = line

    def put_in(self, sent: QueryDict) -> QueryDict:
        """What was typed, with the chosen template in the line's text."""
        data, name = sent.copy(), f"{self.line}-text"
        data[name] = self.put_into(sent.get(name, ""))
        return data

    @property
    def is_asking(self) -> bool:
        """Whether no template is chosen yet: the list of them is where the person goes on."""
        return not self.chosen

    def show_in(self, forms: Iterable[forms.Form]) -> None:
        """Without the errors of what isn't decided yet; the field to go on with takes the focus."""
        for form in forms:
            form.errors.clear()
            if form.prefix == self.line and not self.is_asking:
                name = "text" if form["reason"].value() else "reason"
                form.fields[name].widget.attrs["autofocus"] = True
