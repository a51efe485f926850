using Orchestrator.Contracts.Content;

namespace Orchestrator.Contracts.Tests.Content;

/// <summary>
/// A reference is taken apart as engines do it: whoever is named as the host is asked, and is given the login of that host alone.
/// </summary>
public sealed class ImageReferenceExamples
{
    [Theory]
    [InlineData("x", "docker.io", "x", null)]
    [InlineData("x:1.27", "docker.io", "x", "1.27")]
    [InlineData("library/x", "docker.io", "library/x", null)]
    [InlineData("docker.io/library/x:1", "docker.io", "docker.io/library/x", "1")]
    [InlineData("index.docker.io/x", "docker.io", "index.docker.io/x", null)]
    [InlineData("registry-1.docker.io/team/x", "docker.io", "registry-1.docker.io/team/x", null)]
    [InlineData("team/app/web:2", "docker.io", "team/app/web", "2")]
    [InlineData("registry.example.com/app", "registry.example.com", "registry.example.com/app", null)]
    [InlineData("registry.example.com:5000/team/app:1", "registry.example.com:5000", "registry.example.com:5000/team/app", "1")]
    [InlineData("host:443/app", "host:443", "host:443/app", null)]
    [InlineData("localhost/app", "localhost", "localhost/app", null)]
    [InlineData("[::1]:5000/app:1", "[::1]:5000", "[::1]:5000/app", "1")]
    [InlineData("EVIL/app:1", "evil", "EVIL/app", "1")]
    [InlineData("Evil/app", "evil", "Evil/app", null)]
    [InlineData("Host.example:443/app", "host.example:443", "Host.example:443/app", null)]
    [InlineData("LOCALHOST/app", "localhost", "LOCALHOST/app", null)]
    [InlineData("Index.Docker.IO/x", "docker.io", "Index.Docker.IO/x", null)]
    [InlineData("app:Upper", "docker.io", "app", "Upper")]
    public void The_registry_is_the_first_part_where_that_cannot_be_a_part_of_a_path(
        string text, string registry, string repository, string? tag)
    {
        var reference = ImageReference.Parse(text);
        Assert.Equal((registry, repository, tag, null), (reference.Registry, reference.Repository, reference.Tag, reference.Digest));
    }

    [Fact]
    public void A_digest_comes_after_the_tag_and_stands_for_the_same_image()
    {
        var reference = ImageReference.Parse("host:443/app:1@sha256:1234");
        Assert.Equal(("host:443", "host:443/app", "1", "sha256:1234"),
            (reference.Registry, reference.Repository, reference.Tag, reference.Digest));
        Assert.Equal("host:443/app@sha256:5678", reference.By("sha256:5678"));
    }

    [Theory]
    [InlineData("x", "docker.io/library/x", true)]
    [InlineData("x", "library/x", true)]
    [InlineData("x", "index.docker.io/x", true)]
    [InlineData("team/x", "docker.io/team/x", true)]
    [InlineData("Host.example/x", "host.example/x", true)]
    [InlineData("x", "team/x", false)]
    [InlineData("x", "EVIL/x", false)]
    [InlineData("library/x", "LIBRARY/x", false)]
    [InlineData("host.example/x", "x", false)]
    [InlineData("host.example/x", "host.example:443/x", false)]
    public void Names_are_of_one_repository_however_much_of_them_is_written(string one, string other, bool same)
    {
        Assert.Equal(same, ImageReference.Parse(one).IsOf(other));
        Assert.Equal(same, ImageReference.Parse(other).IsOf(one));
    }

    [Theory]
    [InlineData("docker.io", "docker.io")]
    [InlineData("index.docker.io", "docker.io")]
    [InlineData("Registry.Example.com:5000", "registry.example.com:5000")]
    public void A_host_is_stored_in_lower_case_and_Docker_Hub_under_one_name(string host, string stored) =>
        Assert.Equal(stored, ImageReference.HostOf(host));
}
