using Orchestrator.Contracts.Content;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Settings;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Docker;

/// <summary>Real programs, as Docker's own command line asks them.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class CredentialHelperTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string? before = Environment.GetEnvironmentVariable("PATH");

    public CredentialHelperTests() => Environment.SetEnvironmentVariable("PATH", $"{folder.Path}:{before}");

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PATH", before);
        folder.Dispose();
    }

    [Fact]
    public async Task A_helper_is_told_the_registry_and_tells_the_login()
    {
        var login = await Ask("""read -r registry; echo "{\"Username\":\"$1 for $registry\",\"Secret\":\"swordfish\"}" """);
        Assert.Equal(new PullLogin("registry.example:5000", "get for registry.example:5000", "swordfish", null), login);
    }

    [Fact]
    public async Task A_token_is_no_password()
    {
        var login = await Ask("""echo '{"Username":"<token>","Secret":"swordfish"}'""");
        Assert.Equal(new PullLogin("registry.example:5000", null, null, "swordfish"), login);
    }

    [Theory]
    [InlineData("echo credentials not found in native keychain; exit 1")]
    [InlineData("""echo '{"Username":"me","Secret":""}'""")]
    public async Task A_helper_that_knows_no_login_is_told_by_its_name(string script)
    {
        var problem = await Assert.ThrowsAsync<EngineException>(() => Ask(script));
        Assert.Equal("docker-credential-trial knows no login for registry.example:5000", problem.Message);
    }

    [Fact]
    public async Task A_helper_that_is_not_there_or_not_allowed_is_not_run()
    {
        var missing = await Assert.ThrowsAsync<EngineException>(() => Helpers("trial").Ask("trial", "a:1", Cancel));
        Assert.StartsWith("docker-credential-trial cannot be asked: ", missing.Message, StringComparison.Ordinal);

        var forbidden = await Assert.ThrowsAsync<EngineException>(() => Helpers("other").Ask("trial", "a:1", Cancel));
        Assert.Equal("this worker does not run the credential helper trial: it is not among CREDENTIAL_HELPERS", forbidden.Message);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static CredentialHelpers Helpers(string allowed) =>
        new(new WorkerAgentOptions { CredentialHelpers = allowed }, TimeProvider.System);

    private async Task<PullLogin> Ask(string script)
    {
        var program = Path.Combine(folder.Path, "docker-credential-trial");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\n{script}\n", Cancel);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return await Helpers("trial").Ask("trial", "registry.example:5000", Cancel);
    }
}
