using System.ComponentModel;
using System.Diagnostics;

namespace Conformance.JavaScript;

/// <summary>
/// The official SDK from npm, installed once beside the application, and before anything else: where the sidecars are may be no registry.
/// </summary>
internal static class Packages
{
    private static readonly Lazy<Task<string?>> Installed = new(async () =>
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(5), TimeProvider.System);
        return await Install(deadline.Token);
    });

    /// <summary>tests/Dapr.Conformance.JavaScript of this repository.</summary>
    public static string Folder { get; } = Find(AppContext.BaseDirectory);

    /// <summary>Answers why the packages are not there, or null; they are asked for once.</summary>
    public static Task<string?> Prepare() => Installed.Value;

    private static async Task<string?> Install(CancellationToken cancel)
    {
        if (await Run("node", "--version", cancel) is { } noNode) return $"needs node: {noNode}";
        if (File.Exists(Path.Combine(Folder, "node_modules", ".package-lock.json"))) return null;
        return await Run("npm", "ci --ignore-scripts --no-audit --no-fund", cancel) is { } failure ? $"npm ci: {failure}" : null;
    }

    /// <summary>Answers what went wrong, or null.</summary>
    private static async Task<string?> Run(string program, string arguments, CancellationToken cancel)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true,
                RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync(cancel);
            await process.StandardOutput.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            return process.ExitCode == 0 ? null : $"exit code {process.ExitCode}: {await errors}";
        }
        catch (Win32Exception e)
        {
            return $"{program} could not be started: {e.Message}";
        }
    }

    private static string Find(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            var here = Path.Combine(folder.FullName, "tests", "Dapr.Conformance.JavaScript");
            if (Directory.Exists(here)) return here;
        }

        throw new DirectoryNotFoundException($"tests/Dapr.Conformance.JavaScript is in no folder above {from}");
    }
}
