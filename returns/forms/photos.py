"""Photos in a form.

Put the field into any form, and the form's tag gets `enctype="multipart/form-data"`:

    photos = PhotosField(required=False, help_text=…)                 # class PhotosForm below has it already
    form = MyForm(request.POST, request.FILES)
    form.fields["photos"].most = photos.left(owner, by)               # where some are there already
    form.fields["photos"].gate = gate_of(request, owner)              # views/photo_box.py: each file is counted
    …
    photos.add_all(owner=rma, uploads=form.cleaned_data["photos"], by=by, now=now)      # services/photos.py

A clean value is a list of `Picture`, drawn anew; each file that can't be taken is named in an error of its own beside
the field. Without script a form that comes back has lost its files. So where there is a draft, keep what could be read
also when something else is wrong: `PhotosForm.pictures` holds it, whether the form is valid or not.

In a template `{% field form.photos %}` draws it. `{% include "portal/parts/photo_box.html" %}` draws it with what is
there already (`photo_box`, made by views/photo_box.py), and with script each photo is sent as soon as it is chosen
(static/js/photos.js). `{% photos views %}` shows thumbnails alone, made by `photo_views`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.forms.utils import ErrorList
from django.utils.datastructures import MultiValueDict
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from returns.forms.lines import LineField
from returns.forms.portal import PortalForm
from returns.models import OrderLine, Photo
from returns.pictures import BUSY, Picture, read_pictures
from returns.services.photos import MOST_PHOTOS

Gate = Callable[[int], str]
"""Asked before any file is looked at: why that many aren't, or nothing where they are."""

ACCEPT = "image/jpeg,image/png,image/webp,image/heic,image/heif"


class PhotosInput(forms.FileInput):
    """Choose several files; where the finger points, another input opens the camera. One name for both."""

    allow_multiple_selected = True
    template_name = "house/photos_input.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"multiple": True, "accept": ACCEPT, **(attrs or {})})

    def value_from_datadict(self, data: object, files: Any, name: str) -> list[Any]:  # noqa: ANN401, ARG002  Django's
        """Every file of that name; an input left empty sends one without a name, which Django drops."""
        return list(files.getlist(name)) if hasattr(files, "getlist") else [files[name]] if name in files else []

    def value_omitted_from_data(self, data: object, files: Any, name: str) -> bool:  # noqa: ANN401, ARG002  Django's
        """Whether there is none."""
        return name not in files


class PhotosField(forms.Field):
    """Photos as a list of pictures drawn anew. `most` is how many may come, with what is there already."""

    widget = PhotosInput

    def __init__(self, *, most: int = MOST_PHOTOS, gate: Gate = lambda _files: "", **options: Any) -> None:
        self.most, self.gate = most, gate
        # Lazy, because a form's class is made before anybody's language is known.
        super().__init__(**{"label": gettext_lazy("Photos"), "help_text": lazy(help_text, str)(), **options})

    def clean(self, value: object) -> list[Picture]:
        """The pictures. Raises ValidationError with one sentence for each file that isn't taken."""
        pictures, problems = self.read(value)
        if problems:
            raise forms.ValidationError(problems)
        return pictures

    def read(self, value: object) -> tuple[list[Picture], list[forms.ValidationError]]:
        """What could be read, and why the rest couldn't. Too many, at once or today, are not read at all."""
        files: list[Any] = value if isinstance(value, list) else []
        if self.required and not files:
            return [], [forms.ValidationError(_("Add a photo."), code="required")]
        if len(files) > self.most:
            return [], [forms.ValidationError(self.too_many(), code="too_many")]
        if files and (refusal := self.gate(len(files))):
            return [], [forms.ValidationError(refusal, code="gate")]
        pictures, problems = read_pictures(files)
        return pictures, [forms.ValidationError(problem.message, code=problem.code) for problem in problems]

    def too_many(self) -> str:
        """How many there may be, or may still come."""
        if self.most == MOST_PHOTOS:
            return _("At most %(most)s photos. Choose fewer.") % {"most": MOST_PHOTOS}
        if not self.most:
            return _("%(most)s photos are there, and more aren't possible. Remove one to add another.") % {
                "most": MOST_PHOTOS
            }
        sentence = ngettext(
            "Only %(left)s more photo is possible.", "Only %(left)s more photos are possible.", self.most
        )
        return sentence % {"left": self.most}


def help_text() -> str:
    """What the field takes, and what becomes of it."""
    return _("Up to %(most)s, 10 MB each. We remove the location from your photos.") % {"most": MOST_PHOTOS}


class PhotosForm(PortalForm):
    """New photos, and what those say that are there: caption and product. `pictures` holds what could be read."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: MultiValueDict[str, Any] | None = None,
        *,
        there: Sequence[Photo] = (),
        lines: Sequence[OrderLine] = (),
        **field: Any,
    ) -> None:
        """`field`: what PhotosField takes, `most` and `gate`."""
        super().__init__(data, files)
        self.there = [photo for photo in there if photo.hidden_at is None and not photo.from_staff]
        self.lines = {str(line.public_id): line for line in lines}
        self.pictures: list[Picture] = []
        self.fields["photos"] = _Lenient(required=False, **field)
        for photo in self.there:
            self.fields[f"caption-{photo.public_id}"] = _caption_field(photo)
            if len(lines) > 1:
                self.fields[f"line-{photo.public_id}"] = _line_field(photo, lines)

    def clean(self) -> dict[str, Any]:
        """Put the problems beside the field and the pictures into `pictures`."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.pictures, problems = cleaned.get("photos") or ([], [])
        for problem in problems:
            self.add_error("photos", problem)
        return cleaned

    @property
    def problems(self) -> list[str]:
        """The sentences beside the field of new photos."""
        return [str(error) for error in self.errors.get("photos", ErrorList())]

    @property
    def is_worth_sending_again(self) -> bool:
        """Whether a file wasn't read because others were at that moment."""
        return any(error.code == BUSY for error in self.errors.as_data().get("photos", []))

    def told(self, photo: Photo) -> tuple[str, OrderLine | None] | None:
        """Caption and product of a photo, as entered; None where the form didn't ask or they are as before."""
        name = f"caption-{photo.public_id}"
        if name not in self.data or name not in self.cleaned_data:
            return None
        line = self.lines.get(self.cleaned_data.get(f"line-{photo.public_id}", ""))
        if f"line-{photo.public_id}" not in self.fields:
            line = photo.order_line
        told = (self.cleaned_data[name], line)
        return None if told == (photo.caption, photo.order_line) else told


class _Lenient(PhotosField):
    """Cleans to what could be read and what is wrong with the rest, so that the good ones aren't lost."""

    def clean(self, value: object) -> Any:  # noqa: ANN401  more than a PhotosField gives
        return self.read(value)


def _caption_field(photo: Photo) -> LineField:
    return LineField(
        label=_("What does it show?"),
        max_length=120,
        required=False,
        initial=photo.caption,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": ""}),
    )


def _line_field(photo: Photo, lines: Sequence[OrderLine]) -> forms.ChoiceField:
    choices = [("", _("All, or the box")), *((str(line.public_id), line.title) for line in lines)]
    return forms.ChoiceField(
        label=_("Which product?"),
        required=False,
        choices=choices,
        initial=str(photo.order_line.public_id) if photo.order_line else "",
    )


class HideForm(forms.Form):
    """Why staff hide a photo; the customer reads it in its place."""

    use_required_attribute = False

    reason = LineField(
        label="Why is it hidden?",
        max_length=200,
        help_text="The customer reads this in place of the photo.",
        error_messages={"required": "Say why."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class FoundPhotosForm(forms.Form):
    """Photos that staff add at the dock or at the desk: what they show, and of which product."""

    use_required_attribute = False

    photos = PhotosField()
    caption = LineField(
        label="What do they show?",
        max_length=120,
        required=False,
        help_text="The customer reads this below the photos, for example: the seal, broken",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    line = forms.ChoiceField(label="Which product?", required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: MultiValueDict[str, Any] | None = None,
        *,
        lines: Sequence[OrderLine],
        **field: Any,
    ) -> None:
        """`field`: what PhotosField takes, `most` and `gate`."""
        super().__init__(data, files)
        self.lines = {str(line.public_id): line for line in lines}
        self.fields["photos"] = PhotosField(**field)
        choices = [(key, line.title) for key, line in self.lines.items()]
        self.fields["line"].choices = [("", "All, or the box"), *choices]  # type: ignore[attr-defined]
        if len(lines) == 1:
            del self.fields["line"]

    @property
    def order_line(self) -> OrderLine | None:
        """The product they show, where one was chosen or there is no other."""
        if len(self.lines) == 1:
            return next(iter(self.lines.values()))
        return self.lines.get(self.cleaned_data["line"])
