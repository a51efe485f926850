namespace Orchestrator.Compose.Tests.Rules;

/// <summary>Fragments: anchors, aliases and merge keys; extensions; and what is no compose file.</summary>
public sealed class YamlTests
{
    [Theory]
    [InlineData("first: {environment: &env {A: 1}}\nsecond: {environment: *env}", "first: {environment: {A: 1}}\nsecond: {environment: {A: 1}}")]
    [InlineData("first: &one {a: 1, b: 2}\nsecond: {<<: *one, b: 3}", "first: {a: 1, b: 2}\nsecond: {a: 1, b: 3}")]
    [InlineData("second: {b: 3, <<: {a: 1, b: 2}}", "second: {a: 1, b: 3}")]
    [InlineData("second: {<<: [{a: 1}, {a: 2, b: 2}], c: 3}", "second: {a: 1, b: 2, c: 3}")]
    [InlineData("second: {<<: {<<: {a: 1}, b: 2}}", "second: {a: 1, b: 2}")]
    [InlineData("second: {'<<': plain}", "second: {'<<': plain}")]
    public void Merge_keys(string written, string meant) => Assert.Equal(Given.File($"x-it:\n{Given.Indented(meant, 2)}").Tree(),
        Given.File($"x-it:\n{Given.Indented(written, 2)}").Tree());

    [Theory]
    [InlineData("services: [", "compose.yaml:2: is not YAML: ")]
    [InlineData("a: 1\na: 2", "compose.yaml:2: is not YAML: Duplicate key a")]
    [InlineData("services:\n  web: {<<: 5}", "compose.yaml:2: services.web: << takes a mapping or a list of mappings, and this is a single value")]
    [InlineData("- a", "compose.yaml:1: is a list; a compose file is a mapping, with services: in it")]
    [InlineData("a: 1\n---\nb: 2", "compose.yaml: has several documents (---); give each a file of its own")]
    [InlineData("services:\n  web: !mine {image: i}", "compose.yaml:2: services.web: has the tag !mine; compose files know !reset and !override")]
    [InlineData("services:\n  web: &it {image: *it}", "compose.yaml:2: services.web")]
    public void What_is_no_compose_file_is_told_with_its_line(string text, string problem) =>
        Assert.StartsWith(problem, Given.File(text).Problems(), StringComparison.Ordinal);

    [Fact]
    public void Aliases_cannot_make_a_small_file_endless()
    {
        var text = "x-0: &a0 [1,1,1,1,1,1,1,1,1,1]\n" + string.Concat(Enumerable.Range(1, 9).Select(at =>
            $"x-{at}: &a{at} [{string.Join(',', Enumerable.Repeat($"*a{at - 1}", 10))}]\n"));
        Assert.Contains("has more than 100000 values, aliases resolved", Given.File(text).Problems(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_told()
    {
        Assert.Equal("compose.yaml: is not there", new Given().Problems());
        Assert.Equal("compose.yaml: is not there, nor compose.yml, docker-compose.yaml, docker-compose.yml; name a file with -f",
            new Given().Asking(it => it with { Files = [] }).Problems());
    }

    [Fact]
    public void Without_a_name_the_canonical_file_is_looked_for_first()
    {
        var given = new Given().With("docker-compose.yml", "services: {web: {image: old}}")
            .With("compose.yml", "services: {web: {image: new}}")
            .Asking(it => it with { Files = [] });
        Assert.Equal("new", given.Container().Image);
    }

    [Fact]
    public void Extensions_are_ignored_wherever_they_stand()
    {
        var given = Given.File("x-a: 1\nservices:\n  x-b: {}\n  web: {image: i, x-c: 2, deploy: {x-d: 3, placement: {x-e: 4}}, healthcheck: {x-f: 1}}");
        Assert.Equal("", given.Remarks());
        Assert.Equal(["web"], given.Translate().Stack!.Services.Keys);
    }

    [Fact]
    public void What_is_no_field_is_left_out_and_told_with_what_it_may_be() => Assert.Equal(
        "services.*.imagee: is no field of the Compose specification, and left out; is it image? (compose.yaml:4)\n"
        + "zoo: is no field of the Compose specification, and left out (compose.yaml:5)", Given.File(
            """
            services:
              web:
                image: i
                imagee: j
            zoo: 1
            """).Remarks());

    [Theory]
    [InlineData("name: shop_2", null, null, "shop-2")]
    [InlineData("name: file", "variable", null, "variable")]
    [InlineData("name: file", "variable", "asked", "asked")]
    [InlineData("", null, null, "my-shop")]
    public void The_project_is_called_as_asked_or_as_it_says_or_as_its_folder(string line, string? variable, string? asked, string expected)
    {
        var given = Given.File($"{line}\nservices: {{web: {{image: i}}}}")
            .Asking(it => it with { Name = asked, Folder = "/home/ada/My_Shop!" });
        if (variable is not null) given.Variable("COMPOSE_PROJECT_NAME", variable);
        Assert.Equal(expected, given.Translate().Name);
    }

    [Fact]
    public void A_name_that_is_none_is_a_problem() => Assert.Equal(
        "compose.yaml:1: name: 'Shop!' is not a project's name: lower-case letters, digits, '-' and '_', with a letter or a digit first",
        Given.File("name: Shop!\nservices: {web: {image: i}}").Problems().Split('\n')[0]);
}
