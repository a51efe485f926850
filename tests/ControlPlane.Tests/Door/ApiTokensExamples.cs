using System.ComponentModel.DataAnnotations;
using Orchestrator.ControlPlane.Door;

namespace Orchestrator.ControlPlane.Tests.Door;

public sealed class ApiTokensExamples
{
    private const string Token = "rPjT9sZ0yq3mC5w8VbN1";

    [Fact]
    public void A_line_is_a_name_a_role_and_a_token()
    {
        using var file = new TokenFile(
            "# who may what", "", $"ann operator {Token}A", $"  ci\tdeployer   {Token}B", $"wall viewer {Token}C");
        var tokens = ApiTokens.Read(file.Path);
        Assert.Equal(
            [new("ann", Role.Operator), new("ci", Role.Deployer), new("wall", Role.Viewer), null],
            new[] { "A", "B", "C", "" }.Select(end => tokens.Find(Token + end)));
    }

    [Theory]
    [InlineData("ann king rPjT9sZ0yq3mC5w8VbN1", ":1: a line is a name, a role (viewer, deployer or operator) and a token.")]
    [InlineData("ann Operator rPjT9sZ0yq3mC5w8VbN1", ":1: a line is a name, a role (viewer, deployer or operator) and a token.")]
    [InlineData("ann operator", ":1: a line is a name, a role (viewer, deployer or operator) and a token.")]
    [InlineData("ann operator rPjT9sZ0yq3mC5w8VbN", ":1: the token of 'ann' is shorter than 20.")]
    [InlineData("a viewer rPjT9sZ0yq3mC5w8VbN1\nb viewer rPjT9sZ0yq3mC5w8VbN1", ":2: 'b' has the token of somebody else.")]
    [InlineData("# nobody", "there is no token in FILE.")]
    public void What_cannot_be_used_is_refused_without_telling_a_token(string text, string why)
    {
        using var file = new TokenFile(text.Split('\n'));
        var refused = Assert.Throws<ValidationException>(() => ApiTokens.Read(file.Path)).Message;
        Assert.EndsWith(why.Replace("FILE", file.Path, StringComparison.Ordinal), refused, StringComparison.Ordinal);
        Assert.DoesNotContain("rPjT9", refused, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    public void A_file_that_others_can_read_or_write_is_refused(UnixFileMode others)
    {
        using var file = new TokenFile($"ann operator {Token}");
        File.SetUnixFileMode(file.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | others);
        Assert.Equal(
            $"API_TOKENS: others may read or write {file.Path}; chmod 600 it.",
            Assert.Throws<ValidationException>(() => ApiTokens.Read(file.Path)).Message);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() => Assert.Contains(
        "/nowhere/tokens", Assert.Throws<ValidationException>(() => ApiTokens.Read("/nowhere/tokens")).Message, StringComparison.Ordinal);
}
