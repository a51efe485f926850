using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Orchestrator.Contracts.Content;
using Orchestrator.ServiceDefaults.Resilience;
using Orchestrator.WorkerAgent.Settings;

namespace Orchestrator.WorkerAgent.Docker;

/// <summary>
/// Programs of the machine that know logins, as Docker's own command line uses them: <c>docker-credential-NAME get</c> reads the registry
/// and writes <c>{"Username":…,"Secret":…}</c>.
/// </summary>
internal sealed class CredentialHelpers(WorkerAgentOptions options, TimeProvider clock)
{
    /// <summary>A helper says so when what it tells is an identity token.</summary>
    private const string TokenUser = "<token>";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly PatientCalls calls = PatientCalls.Within(Deadline, clock);

    private sealed record Told(string? Username, string? Secret);

    /// <exception cref="EngineException">It is not allowed, or tells no login; the message never tells what it said.</exception>
    public async Task<PullLogin> Ask(string helper, string registry, CancellationToken cancel)
    {
        if (!options.CredentialHelperList.Contains(helper))
            throw Problem($"this worker does not run the credential helper {helper}: it is not among CREDENTIAL_HELPERS");
        var program = $"docker-credential-{helper}";
        try
        {
            var address = registry == ImageReference.DockerHub ? "https://index.docker.io/v1/" : registry;
            var said = await calls.Run(deadline => Run(program, address, deadline), cancel);
            return JsonSerializer.Deserialize<Told>(said) is { Username: { } user, Secret: { Length: > 0 } secret }
                ? user == TokenUser ? new(registry, null, null, secret) : new(registry, user, secret, null)
                : throw Problem($"{program} knows no login for {registry}");
        }
        catch (Exception e) when (e is Win32Exception or IOException or TimeoutException)
        {
            throw Problem($"{program} cannot be asked: {e.Message}");
        }
        catch (JsonException)
        {
            throw Problem($"{program} knows no login for {registry}");
        }
    }

    private static async Task<string> Run(string program, string registry, CancellationToken deadline)
    {
        using var process = Process.Start(new ProcessStartInfo(program, ["get"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        })!;
        try
        {
            await Tell(process.StandardInput, registry);
            var said = process.StandardOutput.ReadToEndAsync(deadline);
            _ = await process.StandardError.ReadToEndAsync(deadline);
            await process.WaitForExitAsync(deadline);
            return await said;
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static async Task Tell(StreamWriter input, string registry)
    {
        try
        {
            await using (input) await input.WriteAsync(registry);
        }
        catch (IOException)
        {
            // It has ended, or answers without listening: what it says counts.
        }
    }

    private static EngineException Problem(string message) => new(EngineFault.Refused, message);
}
