namespace Orchestrator.Compose.Tests.Rules;

/// <summary>The specification's page on interpolation, rule by rule. SET is "value", EMPTY is empty, UNSET is not there.</summary>
public sealed class InterpolationTests
{
    [Theory]
    [InlineData("$SET", "value")]
    [InlineData("${SET}", "value")]
    [InlineData("a $SET-b", "a value-b")]
    [InlineData("${SET}${SET}", "valuevalue")]
    [InlineData("${EMPTY}", "")]
    // Defaults: with a colon also where it is empty.
    [InlineData("${SET:-default}", "value")]
    [InlineData("${EMPTY:-default}", "default")]
    [InlineData("${UNSET:-default}", "default")]
    [InlineData("${SET-default}", "value")]
    [InlineData("${EMPTY-default}", "")]
    [InlineData("${UNSET-default}", "default")]
    [InlineData("${UNSET:-}", "")]
    // Required ones that are there.
    [InlineData("${SET:?why}", "value")]
    [InlineData("${SET?why}", "value")]
    [InlineData("${EMPTY?why}", "")]
    // Replacements.
    [InlineData("${SET:+other}", "other")]
    [InlineData("${EMPTY:+other}", "")]
    [InlineData("${UNSET:+other}", "")]
    [InlineData("${SET+other}", "other")]
    [InlineData("${EMPTY+other}", "other")]
    [InlineData("${UNSET+other}", "")]
    // One in another.
    [InlineData("${UNSET:-${SET}}", "value")]
    [InlineData("${UNSET:-$SET}", "value")]
    [InlineData("${UNSET:-${EMPTY:-default}}", "default")]
    [InlineData("${UNSET:-a ${UNSET:-b ${SET}} c}", "a b value c")]
    [InlineData("${SET:+${UNSET-x}}", "x")]
    // What has braces itself.
    [InlineData("${UNSET:-{\"a\":1}}", "{\"a\":1}")]
    // Two dollars are one, and nothing is looked for behind it.
    [InlineData("$$SET", "$SET")]
    [InlineData("$${SET}", "${SET}")]
    [InlineData("$$$SET", "$value")]
    [InlineData("${UNSET:-$$SET}", "$SET")]
    // Anything else is kept as it is.
    [InlineData("$1", "$1")]
    [InlineData("cost: 5$", "cost: 5$")]
    [InlineData("$ SET", "$ SET")]
    [InlineData("$(date)", "$(date)")]
    public void Texts(string text, string expected) => Assert.Equal(expected, Command(text));

    [Theory]
    [InlineData("${UNSET:?tell me}", "UNSET is required: tell me")]
    [InlineData("${EMPTY:?tell me}", "EMPTY is required: tell me")]
    [InlineData("${UNSET?}", "UNSET is required and not set")]
    [InlineData("${UNSET?$SET}", "UNSET is required: value")]
    [InlineData("${SET/foo/bar}", "'${SET/foo/bar}' is not understood: it is a name, and perhaps one of :- - :? ? :+ + with a text; write $$ for a dollar")]
    [InlineData("${}", "'${}' is not understood: it is a name, and perhaps one of :- - :? ? :+ + with a text; write $$ for a dollar")]
    [InlineData("${1}", "'${1}' is not understood: it is a name, and perhaps one of :- - :? ? :+ + with a text; write $$ for a dollar")]
    [InlineData("x ${SET", "'${SET' has no closing brace; write $$ for a dollar")]
    public void What_cannot_be_is_told_with_its_place(string text, string reason) =>
        Assert.Equal($"compose.yaml:4: services.web.hostname: {reason}", Given.Web($"hostname: '{text}'").Variable("SET", "value")
            .Variable("EMPTY", "").Problems());

    [Fact]
    public void A_variable_that_nobody_has_set_is_empty_and_told_once()
    {
        var given = Given.Web("hostname: x$UNSET\nuser: y${UNSET}");
        Assert.Equal("x", given.Container().Hostname);
        Assert.Equal("${UNSET}: is not set; it is taken as empty (compose.yaml:4 and 1 more)", given.Remarks());
    }

    [Fact]
    public void Values_are_interpolated_and_keys_are_not()
    {
        var labels = Given.Web("labels:\n  $SET: $SET").Variable("SET", "value").Container().ContainerLabels;
        Assert.Equal("{$SET=value}", $"{labels}");
        Assert.Equal("{value=x}", $"{Given.Web("labels:\n  - $SET=x").Variable("SET", "value").Container().ContainerLabels}");
    }

    [Fact]
    public void Aliases_are_resolved_before()
    {
        var given = Given.File(
            """
            x-image: &image web:$TAG
            services:
              one: {image: *image}
              two: {image: *image}
            """).Variable("TAG", "7");
        Assert.Equal("web:7", given.Container("one").Image);
        Assert.Equal("web:7", given.Container("two").Image);
    }

    [Fact]
    public void Each_file_is_interpolated_before_it_is_merged()
    {
        var given = Given.Web("ports: ['$PORT:80']").With("more.yaml", "services: {web: {ports: ['9000:$TARGET']}}")
            .Variable("PORT", "8080").Variable("TARGET", "90").Asking(it => it with { Files = ["compose.yaml", "more.yaml"] });
        Assert.Equal("[8080:80/tcp, 9000:90/tcp]", $"{given.Container().Ports}");
    }

    [Fact]
    public void The_name_of_the_project_is_a_variable()
    {
        Assert.Equal("in-shop", Given.Web("hostname: in-${COMPOSE_PROJECT_NAME}").Container().Hostname);
        Assert.Equal("{COMPOSE_PROJECT_NAME=shop}", $"{Given.Web("environment: [COMPOSE_PROJECT_NAME]").Container().Env}");
        Assert.Equal("in-mine", Given.File("name: mine\nservices: {web: {image: i, hostname: 'in-$COMPOSE_PROJECT_NAME'}}").Container().Hostname);
    }

    private static string Command(string text) => Given.Web($"labels: {{it: '{text}'}}").Variable("SET", "value").Variable("EMPTY", "")
        .Container().ContainerLabels["it"]!;
}
