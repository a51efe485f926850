namespace Orchestrator.Compose.Tests.Rules;

/// <summary>The example of the specification's page on profiles, sentence by sentence.</summary>
public sealed class ProfileTests
{
    private const string Example =
        """
        services:
          foo: {image: foo}
          bar: {image: bar, profiles: [test]}
          baz: {image: baz, depends_on: [bar], profiles: [test]}
          zot: {image: zot, depends_on: [bar], profiles: [debug]}
        """;

    [Theory]
    [InlineData("", "foo")]
    [InlineData("test", "bar baz foo")]
    [InlineData("debug test", "bar baz foo zot")]
    [InlineData("*", "bar baz foo zot")]
    public void Services_are_there_without_profiles_or_with_an_active_one(string active, string services) =>
        Assert.Equal(services.Split(' '), With(active).Translate().Stack!.Services.Keys);

    [Fact]
    public void What_depends_on_one_that_is_not_there_is_a_problem() => Assert.Equal(
        "compose.yaml:5: services.zot.depends_on[0]: service bar is not enabled: none of its profiles is active", With("debug").Problems());

    [Fact]
    public void The_variable_names_them_too() => Assert.Equal(["bar", "baz", "foo"],
        Given.File(Example).Variable("COMPOSE_PROFILES", "other,test").Translate().Stack!.Services.Keys);

    [Theory]
    [InlineData("links: [bar]")]
    [InlineData("volumes_from: [bar]")]
    [InlineData("network_mode: service:bar")]
    [InlineData("ipc: service:bar")]
    public void No_reference_enables_a_service(string field) => Assert.Contains("service bar is not enabled",
        Given.File($"services: {{foo: {{image: i, {field}}}, bar: {{image: i, profiles: [test]}}}}").Problems(), StringComparison.Ordinal);

    [Fact]
    public void What_is_not_required_may_be_missing()
    {
        var given = Given.File(
            """
            services:
              web:
                image: i
                depends_on: {bar: {condition: service_healthy, required: false}, gone: {condition: service_started, required: false}}
              bar: {image: i, profiles: [test]}
            """);
        Assert.Empty(given.Translate().Stack!.Services["web"]!.DependsOn);
        Assert.Contains("service bar is not enabled: none of its profiles is active; it is not required", given.Remarks(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_profile_has_a_shape() => Assert.Contains("'-x' is not a profile",
        Given.Web("profiles: ['-x']").Problems(), StringComparison.Ordinal);

    private static Given With(string active) => Given.File(Example)
        .Asking(it => it with { Profiles = [.. active.Split(' ', StringSplitOptions.RemoveEmptyEntries)] });
}
