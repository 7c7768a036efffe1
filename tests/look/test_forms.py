"""The form pack: label above, hint under the label, error between hint and control; every error can be reached."""

from typing import Any

import pytest
from crispy_forms.bootstrap import (
    AppendedText,
    FieldWithButtons,
    FormActions,
    InlineCheckboxes,
    InlineRadios,
    StrictButton,
)
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Div, Field, Fieldset, Layout, Row, Submit
from django import forms
from django.template import Context, Template

from returns.components import ChoiceText
from tests.look.markup import Element, Markup

SEALED = [("unopened", ChoiceText("Unopened", hint="Seal and carton intact")), ("opened", "Opened")]


class Sample(forms.Form):
    """One field of every kind the portal uses."""

    number = forms.CharField(label="Order number", help_text="On your invoice", error_messages={"required": "Enter it"})
    email = forms.EmailField(label="Email", error_messages={"invalid": "Enter an email address"})
    why = forms.ChoiceField(label="Why", choices=[("", "Choose"), ("damaged", "Damaged")])
    sealed = forms.ChoiceField(label="Is it sealed?", choices=SEALED, widget=forms.RadioSelect, help_text="Look")
    parts = forms.MultipleChoiceField(label="Inside", choices=SEALED, widget=forms.CheckboxSelectMultiple)
    note = forms.CharField(label="Anything to add?", required=False, widget=forms.Textarea)
    photo = forms.FileField(label="Photo", required=False)
    agreed = forms.BooleanField(label="Read aloud", help_text="Both products")
    at = forms.SplitDateTimeField(
        label="When did it arrive?",
        widget=forms.SplitDateTimeWidget(date_attrs={"aria-label": "Date"}, time_attrs={"aria-label": "Time"}),
    )
    share = forms.DecimalField(label="Share", widget=forms.NumberInput(attrs={"class": "w-tiny"}))
    nonce = forms.CharField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        raise forms.ValidationError("Choose at least one product.")


def draw(source: str, form: forms.Form | None = None, **values: Any) -> Markup:
    tags = "{% load house crispy_forms_tags %}"
    return Markup.of(Template(tags + source).render(Context({"form": form, **values})))


def failed() -> Sample:
    return Sample({"email": "nobody", "at_0": "x"})


EVERY_FIELD = "{% error_summary form %}{% for bound in form %}{% field bound %}{% endfor %}"


@pytest.mark.parametrize("source", ["{% crispy form %}", "{{ form|crispy }}", EVERY_FIELD])
@pytest.mark.parametrize("form", [Sample, failed], ids=["empty", "failed"])
def test_every_control_has_its_label_and_every_reference_its_target(source: str, form: Any) -> None:
    drawn = draw(source, form())
    assert not drawn.faults()
    assert len([element for element in drawn.elements if element.tag in {"input", "select", "textarea"}]) >= 13


def order_of(drawn: Markup, *wanted: Element) -> list[int]:
    return [drawn.elements.index(element) for element in wanted]


def test_label_then_hint_then_error_then_control() -> None:
    drawn = draw("{% field form.number %}", failed())
    [label], [hint] = drawn.all("label"), drawn.all("div", id="id_number_helptext")
    [error], [control] = drawn.all("div", id="id_number_error"), drawn.all("input")
    assert order_of(drawn, label, hint, error, control) == sorted(order_of(drawn, label, hint, error, control))
    assert control.get("aria-describedby") == "id_number_helptext id_number_error"
    assert control.get("aria-invalid") == "true"
    assert error.text.split() == ["Error:", "Enter", "it"]


def test_a_group_of_choices_is_described_as_a_whole() -> None:
    drawn = draw("{% field form.sealed %}", failed())
    [group] = drawn.all("fieldset")
    assert group.get("aria-describedby") == "id_sealed_helptext id_sealed_error"
    assert drawn.all("legend")[0].text.strip() == "Is it sealed?"
    assert [hint.text for hint in drawn.all("span", class_="choice-hint")] == ["Seal and carton intact"]


def test_a_wrong_field_is_marked_by_more_than_its_color() -> None:
    drawn = draw("{% field form.number %}", failed())
    assert "has-error" in drawn.elements[0].get("class").split()
    assert drawn.all("use")[0].get("href").endswith("#exclamation")


def test_optional_is_said_and_required_is_not() -> None:
    labels = [label.text.strip() for label in draw(EVERY_FIELD, Sample()).all("label")]
    assert [label for label in labels if "Optional" in label] == ["Anything to add? Optional", "Photo Optional"]
    assert not [label for label in labels if "*" in label]
    assert draw("{% field form.note optional=False %}", Sample()).all("label")[0].text.strip() == "Anything to add?"


def test_the_summary_says_the_fields_own_words_and_leads_to_their_controls() -> None:
    drawn = draw(EVERY_FIELD, failed())
    [summary] = drawn.all("div", id="error-summary")
    assert "autofocus" in summary.attrs
    assert summary.get("tabindex") == "-1"
    links = {link.text: link.get("href") for link in drawn.all("a")}
    assert links["Enter it"] == "#id_number"
    assert links["Enter an email address"] == "#id_email"
    assert {"#id_sealed_0", "#id_parts_0", "#id_at_0", "#id_agreed"} <= {link.get("href") for link in drawn.all("a")}
    assert "Choose at least one product." in summary.text


BAD = "</p>\"'><b>x"
"""As people may type it, and as an imported catalogue may have it."""


class Typed(forms.Form):
    """Everything about a field that comes from people."""

    text = forms.CharField(label=BAD, help_text=BAD)
    choice = forms.ChoiceField(label=BAD, help_text=BAD, choices=[(BAD, BAD)])
    radio = forms.ChoiceField(
        label=BAD,
        help_text=BAD,
        choices=[(BAD, [(BAD, ChoiceText(BAD, hint=BAD))])],
        widget=forms.RadioSelect(attrs={"title": BAD}),
    )
    box = forms.BooleanField(label=BAD, help_text=BAD)
    at = forms.SplitDateTimeField(label=BAD, help_text=BAD)
    on = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        for name in self.fields:
            self.add_error(name, BAD)
        return {}


@pytest.mark.parametrize("source", ["{% crispy form %}", EVERY_FIELD, "{% segmented form.radio %}"])
def test_what_people_typed_is_printed_and_makes_no_element(source: str) -> None:
    drawn = draw(source, Typed({"text": BAD, "choice": BAD, "radio": BAD, "at_0": BAD, "at_1": BAD, "on": BAD}))
    assert not drawn.all("b")
    assert not drawn.mistakes
    assert BAD in {element.text for element in drawn.all("legend")}
    assert [element.get("value") for element in drawn.all("input", type="radio")] == [BAD]


def test_a_form_without_errors_has_no_summary() -> None:
    assert not draw("{% error_summary form %}", Sample()).elements


def test_a_form_is_summed_up_once_however_often_it_is_asked_for() -> None:
    assert len(draw("{% error_summary form %}{% crispy form %}", failed()).all("div", id="error-summary")) == 1
    assert len(draw("{% crispy form %}", failed()).all("div", id="error-summary")) == 1


def test_forms_of_several_lines_are_summed_up_together() -> None:
    lines = [Sample({}, prefix="line-1"), Sample({}, prefix="line-2")]
    hrefs = {link.get("href") for link in draw("{% error_summary lines %}", lines=lines).all("a")}
    assert {"#id_line-1-number", "#id_line-2-number"} <= hrefs


def test_a_formset_says_its_own_error_first() -> None:
    formset = forms.formset_factory(Sample, min_num=2, validate_min=True, extra=0)(
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-email": "x"}
    )
    drawn = draw("{% error_summary lines %}{{ lines|crispy }}", lines=formset)
    assert drawn.all("li")[0].text == "Please submit at least 2 forms."
    assert not drawn.faults()


def test_what_was_typed_comes_back() -> None:
    drawn = draw("{% field form.email %}{% field form.sealed %}", Sample({"email": "nobody", "sealed": "opened"}))
    assert drawn.all("input", type="email")[0].get("value") == "nobody"
    [chosen] = (choice for choice in drawn.all("input", type="radio") if "checked" in choice.attrs)
    assert chosen.get("value") == "opened"


def test_a_segmented_control_is_a_group_of_radio_buttons() -> None:
    drawn = draw("{% segmented form.sealed %}", failed())
    assert not drawn.faults()
    assert [choice.get("value") for choice in drawn.all("input", type="radio")] == ["unopened", "opened"]


def test_a_label_may_be_hidden_where_the_column_says_it() -> None:
    [label] = draw('{% field form.share label="hidden" %}', Sample()).all("label")
    assert "visually-hidden" in label.get("class").split()


def test_the_layout_objects_of_crispy_draw_valid_pages() -> None:
    form = failed()
    form.helper = FormHelper()  # type: ignore[attr-defined]
    form.helper.layout = Layout(  # type: ignore[attr-defined]
        Fieldset("Your order", Row(Column("number"), Column("email")), Div(Field("why"), css_class="pair")),
        InlineRadios("sealed"),
        InlineCheckboxes("parts"),
        AppendedText("share", "%"),
        FieldWithButtons("note", StrictButton("Look", css_class="btn")),
        "photo",
        "agreed",
        "at",
        "nonce",
        HTML("<p>Then we email you.</p>"),
        FormActions(Submit("send", "Send my request")),
    )
    drawn = draw("{% crispy form %}", form)
    assert not drawn.faults()
    assert drawn.all("input", type="submit")[0].get("class") == "btn btn-primary"
    assert drawn.all("form")[0].get("method") == "post"
    assert "novalidate" in drawn.all("form")[0].attrs
