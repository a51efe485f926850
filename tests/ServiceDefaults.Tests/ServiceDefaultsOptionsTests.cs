using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Orchestrator.ServiceDefaults.Logging;

namespace Orchestrator.ServiceDefaults.Tests;

public sealed class ServiceDefaultsOptionsTests
{
    [Fact]
    public void Without_settings_people_read_the_log_and_nothing_is_sent() =>
        Assert.Equal(new ServiceDefaultsOptions { LogFormat = LogFormat.Text, OtlpEndpoint = null }, Read());

    [Theory]
    [InlineData("text", "Text")]
    [InlineData("json", "Json")]
    [InlineData("", "Text")]
    public void The_log_format_is_chosen_by_its_name(string name, string format) =>
        Assert.Equal(format, Read(("LOG_FORMAT", name)).LogFormat.ToString());

    [Theory]
    [InlineData("LOG_FORMAT", "xml", "LOG_FORMAT is 'text' or 'json', not 'xml'.")]
    [InlineData("LOG_FORMAT", "JSON", "LOG_FORMAT is 'text' or 'json', not 'JSON'.")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "box:4317",
        "OTEL_EXPORTER_OTLP_ENDPOINT is an address like 'http://localhost:4317', not 'box:4317'.")]
    public void A_wrong_setting_is_refused_by_name_with_what_is_allowed(string name, string value, string words) =>
        Assert.Equal(words, Assert.Throws<ValidationException>(() => Read((name, value))).Message);

    private static ServiceDefaultsOptions Read(params (string Name, string Value)[] settings) => ServiceDefaultsOptions.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(one => KeyValuePair.Create(one.Name, (string?)one.Value)))
            .Build());
}
