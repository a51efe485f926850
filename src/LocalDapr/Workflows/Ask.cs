using Google.Protobuf;

namespace LocalDapr.Workflows;

/// <summary>One question to a worker that is under way. Disposing it says that the answer was dealt with.</summary>
internal sealed class Ask(Work work, string name, WorkStream stream, Action<Ask> end) : IDisposable
{
    private readonly TaskCompletionSource<IMessage?> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Comes back with the answer. Whoever knows none is believed: not every SDK sends it.</summary>
    public string Token { get; } = Guid.NewGuid().ToString("N");

    public Work Work => work;

    /// <summary>The name of the workflow or activity.</summary>
    public string Name => name;

    public WorkStream Stream => stream;

    /// <summary>What the worker says; null when its stream was closed before it said anything.</summary>
    public Task<IMessage?> Answer => answer.Task;

    /// <summary>Completes when the answer was dealt with.</summary>
    public Task Done => done.Task;

    /// <summary>Only the first answer counts.</summary>
    public bool TryAnswer(IMessage? message) => answer.TrySetResult(message);

    public void Dispose()
    {
        end(this);
        done.TrySetResult();
    }
}
