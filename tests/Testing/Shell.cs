using System.Diagnostics;

namespace Orchestrator.Testing;

/// <summary>Runs a program to its end; a failure shows what it printed.</summary>
public static class Shell
{
    public static async Task<string> Run(string program, params string[] arguments)
    {
        var (code, output) = await Try(program, arguments);
        return code == 0 ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {code}: {output}");
    }

    public static async Task<(int ExitCode, string Output)> Try(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var errors = process.StandardError.ReadToEndAsync(deadline.Token);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end");
        }

        return (process.ExitCode, (await output + await errors).Trim());
    }
}
