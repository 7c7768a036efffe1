"""What is said at the head of a page after a step."""

from returns.templatetags.house import unbroken


def test_a_reference_stays_on_one_line() -> None:
    said = unbroken("We have your request FTCM-RJX3. <b>")
    assert said == 'We have your request <span class="nowrap">FTCM-RJX3</span>. &lt;b&gt;'
    assert unbroken("RMA-2222-2222-2 is on its way.") == "RMA-2222-2222-2 is on its way."
