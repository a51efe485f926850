namespace Conformance.Apps;

public sealed class ScriptTests
{
    [Theory]
    [InlineData("<event-0123abcd-7/>")]
    [InlineData("""{"data":"\u003cevent-0123abcd-7/\u003e"}""")]
    [InlineData("""{"data":"\u003Cevent-0123abcd-7/\u003E"}""")]
    public void A_name_is_found_however_the_text_around_it_is_escaped(string text) =>
        Assert.Equal(["event-0123abcd-7"], Script.NamesIn(text));
}
