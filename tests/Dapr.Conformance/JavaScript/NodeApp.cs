using System.Diagnostics;
using Conformance.World;

namespace Conformance.JavaScript;

/// <summary>The JavaScript application beside a sidecar of its own. It runs its checks once; the tests read the outcomes.</summary>
public sealed class NodeApp(DaprWorld world) : IAsyncLifetime
{
    private readonly Dictionary<string, string> _outcomes = [];
    private Process? _node;

    /// <summary>Why it could not run at all; null when it ran.</summary>
    public string? CannotRun { get; private set; }

    /// <summary>What a check said: <c>ok</c>, or why it failed.</summary>
    public string Outcome(string check) =>
        _outcomes.GetValueOrDefault(check, $"the application printed nothing about it; all it printed: {string.Join('\n', _outcomes)}");

    public async ValueTask InitializeAsync()
    {
        CannotRun = await Packages.Prepare();
        if (CannotRun is not null) return;
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2), TimeProvider.System);
        if (await world.TrySidecar("conformance-js", deadline.Token) is not { } found)
        {
            CannotRun = $"{Sidecars.Variable} names no sidecar of conformance-js";
            return;
        }

        found.Port.Dispose(); // node binds it itself
        var start = new ProcessStartInfo("node", "app.mjs")
        {
            WorkingDirectory = Packages.Folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            Environment =
            {
                ["APP_PORT"] = found.Address.AppPort.ToString(), ["DAPR_HTTP_PORT"] = found.Address.HttpPort.ToString(),
                    ["DAPR_GRPC_PORT"] = found.Address.GrpcPort.ToString(),
            },
        };
        _node = Process.Start(start)!;
        var errors = _node.StandardError.ReadToEndAsync(deadline.Token);
        while (await _node.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
        {
            if (line == "serving") return;
            Take(line);
        }

        _outcomes["(it ended; standard error)"] = await errors;
    }

    public async ValueTask DisposeAsync()
    {
        if (_node is null) return;
        _node.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5), TimeProvider.System);
        try
        {
            await _node.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _node.Kill(entireProcessTree: true);
        }

        _node.Dispose();
    }

    private void Take(string line)
    {
        if (line.StartsWith("ok ", StringComparison.Ordinal)) _outcomes[line[3..]] = "ok";
        else if (line.StartsWith("failed ", StringComparison.Ordinal)
            && line.IndexOf(": ", StringComparison.Ordinal) is var colon and > 0) _outcomes[line[7..colon]] = line[(colon + 2)..];
        else _outcomes[$"(line {_outcomes.Count})"] = line;
    }
}
