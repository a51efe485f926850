using System.Diagnostics;

namespace Orchestrator.EndToEnd.Cluster;

/// <summary>The command line as a script has it: through pipes, at all masters of a cluster.</summary>
/// <param name="variables">What its environment says besides.</param>
internal sealed class OrcProgram(RunningCluster cluster, params (string Name, string Value)[] variables)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    /// <summary>Exit code and what it wrote, results before remarks.</summary>
    public async Task<(int Code, string Output)> Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            Environment =
            {
                ["ORCHESTRATOR_SERVER"] = string.Join(',', cluster.RunFile.Masters.Select(it => it.Url)),
                ["ORCHESTRATOR_CONFIG"] = Path.Combine(cluster.Folder, "orc"),
            },
        };
        foreach (var (name, value) in variables) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var late = new CancellationTokenSource(Deadline);
        var results = process.StandardOutput.ReadToEndAsync(late.Token);
        var remarks = process.StandardError.ReadToEndAsync(late.Token);
        try
        {
            await process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"orc {string.Join(' ', arguments)} did not end");
        }

        return (process.ExitCode, $"{await results}{await remarks}");
    }

    /// <summary>The same, which ends well or tells why not.</summary>
    public async Task<string> Done(params string[] arguments)
    {
        var (code, output) = await Run(arguments);
        Assert.True(code == 0, $"orc {string.Join(' ', arguments)} ended with {code}:\n{output}");
        return output;
    }

    private static string Program => Path.Combine(
        RunningCluster.Repository, "artifacts", "bin", "Cli", AppContext.BaseDirectory.Contains("release", StringComparison.Ordinal) ? "release" : "debug",
        "orc.dll");
}
