using System.Collections.Concurrent;
using Orchestrator.Contracts.Instances;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Tests.Fakes;

/// <summary>The keepers of all services as others call them: writes down what they were told.</summary>
internal sealed class FakeServiceCalls : IServiceCalls
{
    public ConcurrentQueue<string> Told { get; } = new();

    /// <summary>What happens before a call is answered; it may throw, or wait.</summary>
    public Func<string, Task> Before { get; set; } = _ => Task.CompletedTask;

    public async Task LookAgain(string service, string why, CancellationToken cancel)
    {
        Told.Enqueue($"{service} looks again: {why}");
        await Before(service).WaitAsync(cancel);
    }

    public async Task Refused(string service, OrderRefused refused, CancellationToken cancel)
    {
        await Before(service).WaitAsync(cancel);
        Told.Enqueue($"{service}: {refused.Worker} refuses {refused.Instance}: {refused.Answer.Refusal}");
    }
}
