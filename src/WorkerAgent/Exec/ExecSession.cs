using Orchestrator.Contracts.Exec;
using Orchestrator.ServiceDefaults.Concurrency;
using Orchestrator.WorkerAgent.Docker;

namespace Orchestrator.WorkerAgent.Exec;

/// <summary>One program that somebody talks to. What comes in is numbered: whatever is repeated on the way is done once.</summary>
internal sealed class ExecSession : IAsyncDisposable
{
    private readonly IRunningExec program;
    private readonly CancellationTokenSource ending = new();
    private readonly SemaphoreSlim writing = new(1);
    private readonly Task reading;
    private long taken;
    private long sized;

    public ExecSession(IRunningExec program, TimeProvider clock)
    {
        (this.program, Clock, HeardAt, Output) = (program, clock, clock.GetTimestamp(), new(clock));
        reading = Read();
    }

    public ExecOutput Output { get; }

    /// <summary>How many listen at present.</summary>
    public int Listeners { get; set; }

    public TimeSpan Silence => Clock.GetElapsedTime(HeardAt);

    private TimeProvider Clock { get; }

    private long HeardAt { get; set; }

    public void Heard() => HeardAt = Clock.GetTimestamp();

    /// <summary>False when a piece before it is missing.</summary>
    public async Task<bool> Input(ExecInput input, CancellationToken cancel)
    {
        Heard();
        await writing.WaitAsync(cancel);
        try
        {
            if (input.Number <= taken) return true;
            if (input.Number != taken + 1) return false;
            try
            {
                if (input.Bytes is { } bytes) await program.Write(bytes, ending.Token);
                else program.EndInput();
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // It has ended, which its output tells.
            }

            taken = input.Number;
            return true;
        }
        finally
        {
            writing.Release();
        }
    }

    public async Task Resize(ExecResize resize, CancellationToken cancel)
    {
        Heard();
        if (resize.Number <= Interlocked.Exchange(ref sized, Math.Max(sized, resize.Number))) return;
        await program.Resize(resize.Columns, resize.Rows, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await program.DisposeAsync();
        await reading.Quietly();
        ending.Dispose();
        writing.Dispose();
    }

    private async Task Read()
    {
        await Task.Yield();
        var buffer = new byte[16 << 10];
        try
        {
            while (await program.Read(buffer, ending.Token) is { Count: > 0 } read)
                await Output.Add(read.IsError, buffer[..read.Count], ending.Token);
            Output.End(await program.ExitCode(ending.Token), null);
        }
        catch (Exception e)
        {
            Output.End(null, ending.IsCancellationRequested ? "it was ended, for nobody listened"
                : $"the engine has cut it off: {e.Message}");
        }
    }
}
