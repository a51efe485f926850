using System.Diagnostics;

namespace Orchestrator.EndToEnd.Cluster;

/// <summary>The command line as a script has it: through pipes, at all masters of a cluster.</summary>
/// <param name="variables">What its environment says besides.</param>
internal sealed class OrcProgram(RunningCluster cluster, params (string Name, string Value)[] variables)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    /// <summary>Exit code and what it wrote, results before remarks.</summary>
    public Task<(int Code, string Output)> Run(params string[] arguments) => Run("dotnet", [Program, .. arguments]);

    /// <summary>In a terminal that does not really exist: what it draws there, with what moves the cursor.</summary>
    public Task<(int Code, string Output)> RunInTerminal(params string[] arguments) => Run(
        "script", ["--quiet", "--return", "--command", string.Join(' ', ["dotnet", Program, .. arguments]), "/dev/null"]);

    private async Task<(int Code, string Output)> Run(string program, string[] arguments)
    {
        using var process = Begin(program, arguments);
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
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end");
        }

        return (process.ExitCode, $"{await results}{await remarks}");
    }

    /// <summary>Begins it; nothing is typed yet.</summary>
    public Process Start(params string[] arguments) => Begin("dotnet", [Program, .. arguments]);

    private Process Begin(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in Environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>The same as a line for a shell.</summary>
    public string Line(params string[] arguments) => string.Join(
        ' ', Environment.Select(it => $"{it.Name}='{it.Value}'").Prepend("env")
            .Concat(arguments.Prepend(Program).Prepend("dotnet").Select(it => $"'{it}'")));

    /// <summary>The same, which ends well or tells why not.</summary>
    public async Task<string> Done(params string[] arguments)
    {
        var (code, output) = await Run(arguments);
        Assert.True(code == 0, $"orc {string.Join(' ', arguments)} ended with {code}:\n{output}");
        return output;
    }

    private IEnumerable<(string Name, string Value)> Environment =>
    [
        ("ORCHESTRATOR_SERVER", string.Join(',', cluster.RunFile.Masters.Select(it => it.Url))),
        ("TERM", "xterm"), ("ORCHESTRATOR_CONFIG", Path.Combine(cluster.Folder, "orc")), .. variables,
    ];

    private static string Program => Path.Combine(
        RunningCluster.Repository, "artifacts", "bin", "Cli",
        AppContext.BaseDirectory.Contains("release", StringComparison.Ordinal) ? "release" : "debug", "orc.dll");
}
