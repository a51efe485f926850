using System.Text.Json;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Tests.Values;

public sealed class ValueExamples
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("500ms", 500)]
    [InlineData("10s", 10_000)]
    [InlineData("1m30s", 90_000)]
    [InlineData("2h", 7_200_000)]
    [InlineData("1.5s", 1_500)]
    public void Durations_are_read_as_people_write_them(string text, double milliseconds)
    {
        Assert.True(Durations.TryParse(text, out var duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
        Assert.True(Durations.TryParse(Durations.Format(duration), out var again));
        Assert.Equal(duration, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("-1s")]
    [InlineData("1 s")]
    [InlineData("s")]
    [InlineData("99999999h")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(Durations.TryParse(text, out _));

    [Theory]
    [InlineData("64Mi", 64L << 20)]
    [InlineData("64m", 64L << 20)]
    [InlineData("2Gi", 2L << 30)]
    [InlineData("512k", 512L << 10)]
    [InlineData("123", 123)]
    [InlineData("1.5Gi", 3L << 29)]
    public void Sizes_are_read_with_binary_units(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out var size));
        Assert.Equal(bytes, size.Bytes);
        Assert.True(ByteSize.TryParse(size.ToString(), out var again));
        Assert.Equal(size, again);
    }

    [Theory]
    [InlineData("much")]
    [InlineData("64Q")]
    [InlineData("")]
    [InlineData("-5")]
    [InlineData("99999999Ti")]
    public void What_is_no_size_is_refused(string text) => Assert.False(ByteSize.TryParse(text, out _));

    [Fact]
    public void Lists_and_maps_compare_by_value()
    {
        Assert.Equal(new ValueList<int>(1, 2), [1, 2]);
        Assert.NotEqual(new ValueList<int>(1, 2), [2, 1]);
        Assert.Equal(ValueMap.Of(("a", "1"), ("b", "2")), ValueMap.Of(("b", "2"), ("a", "1")));
        Assert.NotEqual(ValueMap.Of(("a", "1")), ValueMap.Of(("a", "2")));
    }

    [Fact]
    public void An_element_that_cannot_be_read_is_told_by_its_place()
    {
        var problem = Assert.Throws<ElementException>(
            () => JsonSerializer.Deserialize<ValueList<int>>("""[1,"two"]""", ContractsJson.Strict));
        Assert.Equal(1, problem.Index);
        Assert.Throws<ElementException>(() => JsonSerializer.Deserialize<ValueList<string>>("""["a",null]""", ContractsJson.Strict));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<ValueList<int>>("{}", ContractsJson.Strict));
    }
}
