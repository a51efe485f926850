using System.Diagnostics;
using System.Text.Json;

namespace Conformance.LocalDaprOnly;

/// <summary>LocalDapr as its users run it: a process of its own with a run file and a folder.</summary>
internal sealed class LocalDaprProcess : IAsyncDisposable
{
    private readonly string _folder;
    private readonly Process _process;

    private LocalDaprProcess(string folder, Process process) => (_folder, _process) = (folder, process);

    private static string Program => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../LocalDapr/release/LocalDapr"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Returns when every app of the run file is healthy.</summary>
    public static async Task<LocalDaprProcess> Start(string folder, string runFile)
    {
        var path = Path.Combine(folder, "dapr.yaml");
        await File.WriteAllTextAsync(path, runFile, Cancel);
        var process = Run(folder, "run", "-f", path);
        var errors = process.StandardError.ReadToEndAsync(Cancel);
        var said = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(Cancel) is { } line)
        {
            said.Add(line);
            if (!line.Contains("Ready:", StringComparison.Ordinal)) continue;
            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
            return new LocalDaprProcess(folder, process);
        }

        throw new InvalidOperationException($"LocalDapr ended before it was ready:\n{string.Join('\n', said)}\n{await errors}");
    }

    /// <summary>The HTTP port of an app's sidecar.</summary>
    public async Task<int> SidecarOf(string appId)
    {
        using var status = Run(_folder, "status", "--json");
        var json = JsonDocument.Parse(await status.StandardOutput.ReadToEndAsync(Cancel)).RootElement;
        return json.GetProperty("apps").EnumerateArray().Single(app => app.GetProperty("appId").GetString() == appId)
            .GetProperty("daprHttpPort").GetInt32();
    }

    /// <summary>kill -9: no goodbye, nothing is flushed.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var down = Run(_folder, "down");
            await down.WaitForExitAsync();
            if (!_process.WaitForExit(TimeSpan.FromSeconds(20))) _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static Process Run(string folder, params string[] arguments) => Process.Start(
        new ProcessStartInfo(Program, ["--folder", Path.Combine(folder, "data"), .. arguments]) { RedirectStandardOutput = true,
            RedirectStandardError = true })!;
}
