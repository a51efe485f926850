namespace Orchestrator.Compose.Tests.Rules;

/// <summary>What the specification says of <c>include</c>.</summary>
public sealed class IncludeTests
{
    [Fact]
    public void What_is_included_is_there_as_if_it_stood_here()
    {
        var given = Given.File("include: [more/compose.yaml]\nservices: {a: {image: a, depends_on: [b]}}")
            .With("more/compose.yaml", "services: {b: {image: b, volumes: ['data:/d']}}\nvolumes: {data: }");
        Assert.Equal(["a", "b"], given.Translate().Stack!.Services.Keys);
        Assert.Equal("shop_data", given.Container("b").Volumes[0].Source);
    }

    [Fact]
    public void Its_paths_and_its_variables_are_those_of_its_own_folder_and_the_project_s_go_before()
    {
        var given = Given.File("include: [more/compose.yaml]\nservices: {a: {image: 'a:$X'}}").With(".env", "X=outer")
            .With("more/compose.yaml", "services: {b: {image: 'b:$X', hostname: $Y, env_file: b.env}}")
            .With("more/.env", "X=inner\nY=inner").With("more/b.env", "A=$Y");
        Assert.Equal("a:outer", given.Container("a").Image);
        Assert.Equal("b:outer", given.Container("b").Image);
        Assert.Equal("inner", given.Container("b").Hostname);
        Assert.Equal("{A=inner}", $"{given.Container("b").Env}");
    }

    [Fact]
    public void The_long_form_merges_several_files_and_says_where_they_begin()
    {
        var given = Given.File("include: [{path: [more/a.yaml, over.yaml], project_directory: other, env_file: [one.env, two.env]}]\nservices: {}")
            .With("more/a.yaml", "services: {b: {image: 'b:$X$Y', env_file: b.env}}").With("over.yaml", "services: {b: {user: u}}")
            .With("one.env", "X=1\nY=1").With("two.env", "Y=2").With("other/b.env", "A=1").With("other/.env", "X=no");
        Assert.Equal("b:12", given.Container("b").Image);
        Assert.Equal("u", given.Container("b").User);
        Assert.Equal("{A=1}", $"{given.Container("b").Env}");
    }

    [Fact]
    public void It_goes_on_through_what_is_included()
    {
        var given = Given.File("include: [b.yaml]\nservices: {a: {image: a}}")
            .With("b.yaml", "include: [c.yaml]\nservices: {b: {image: b}}")
            .With("c.yaml", "services: {c: {image: c}}");
        Assert.Equal(["a", "b", "c"], given.Translate().Stack!.Services.Keys);
    }

    [Fact]
    public void Two_of_one_name_are_not_merged()
    {
        var given = Given.File("include: [b.yaml]\nservices: {web: {image: a}}").With("b.yaml", "services: {web: {image: b, user: u}}");
        Assert.Equal("a", given.Container().Image);
        Assert.Null(given.Container().User);
        Assert.Equal("services.web: is included, and is there already, in compose.yaml:2, which counts (b.yaml:1)", given.Remarks());
    }

    [Fact]
    public void The_path_may_have_variables()
    {
        var given = Given.File("include: ['${WHERE:?FOO}/c.yaml']\nservices: {}").With("x/c.yaml", "services: {web: {image: i}}");
        Assert.Equal("i", given.Asking(it => it).Variable("WHERE", "x").Container().Image);
        Assert.Contains("compose.yaml:1: include[0]: WHERE is required: FOO", given.Problems(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[none.yaml]", "compose.yaml:1: include[0]: none.yaml is not there")]
    [InlineData("[compose.yaml]", "compose.yaml:1: include[0]: compose.yaml includes itself: compose.yaml → compose.yaml")]
    [InlineData("[{env_file: x}]", "compose.yaml:1: include[0]: names the file to include in path")]
    public void What_cannot_be_included_is_told_with_its_place(string include, string problem) =>
        Assert.Equal(problem, Given.File($"include: {include}\nservices: {{web: {{image: i}}}}").Problems());
}
