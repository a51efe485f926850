using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Stacks;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>Asks the services of a stack how they are, side by side, and tells them what they are to become.</summary>
internal sealed class StackServices(ActorCalls actors, ImageFinder images, TimeProvider clock)
{
    private const int AtATime = 16;

    /// <summary>How each is; of one that does not answer, that.</summary>
    public async Task<ValueList<StackSight>> Look(string stack, StackQuestion question, CancellationToken cancel)
    {
        var answers = await Ask(stack, question.Services, cancel);
        return question.Services.Zip(answers, (service, answer) => answer is null ? StackSights.Unseen(service)
            : StackSights.Of(service, answer, question.WithSpecs, clock.GetUtcNow())).ToValueList();
    }

    /// <summary>What each tells of itself; none of one that does not answer.</summary>
    public async Task<ServiceAnswer?[]> Ask(string stack, IReadOnlyList<string> services, CancellationToken cancel)
    {
        var answers = new ServiceAnswer?[services.Count];
        var atATime = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancel };
        await Parallel.ForAsync(0, services.Count, atATime,
            async (at, stop) => answers[at] = await Get(StackNames.Service(stack, services[at]), stop));
        return answers;
    }

    /// <summary>Has one service do what its stack orders.</summary>
    /// <returns>Why it does not and never will; none when it did, or what was ordered does not count any more.</returns>
    /// <exception cref="NoAnswerException">It does not answer now, or cannot save; asking again may help, and does no harm.</exception>
    public async Task<string?> Tell(string stack, string service, StackOrder order, CancellationToken cancel)
    {
        var name = StackNames.Service(stack, service);
        var image = order switch
        {
            { Spec: null } => null,
            { IsRestart: true } => await ImageCalls.OfRestart(name, pull: false, actors, images, cancel),
            _ => await ImageCalls.OfWish(name, order.Spec, actors, images, cancel),
        };
        var change = new FollowStack(order.Mark, order.Spec, order.IsRestart, order.IsBack) { Who = order.Who, Why = order.Why };
        var request = new ServiceChangeRequest($"stack-{stack}-{order.Mark.Deployment}-{order.Mark.Round}", change, Image: image);
        try
        {
            var answer = await actors.Service(name, master => master.Change(request), cancel);
            return answer.Outcome switch
            {
                ServiceOutcome.Done or ServiceOutcome.Overtaken => null,
                ServiceOutcome.NotDone or ServiceOutcome.InDoubt =>
                    throw new NoAnswerException(name, new InvalidOperationException(answer.Problems[0].Reason)),
                _ => string.Join("; ", answer.Problems.Select(it => it.Field.Length > 0 ? $"{it.Field}: {it.Reason}" : it.Reason)),
            };
        }
        catch (UnreadableServiceException e)
        {
            return e.Message;
        }
    }

    /// <summary>What a service would do; nothing is done.</summary>
    /// <exception cref="NoAnswerException">It does not answer now.</exception>
    public Task<ServiceAnswer> Try(string stack, string service, FollowStack change, CancellationToken cancel)
    {
        var request = new ServiceChangeRequest(Guid.CreateVersion7().ToString("N"), change, DryRun: true);
        return actors.Service(StackNames.Service(stack, service), master => master.Change(request), cancel);
    }

    private async Task<ServiceAnswer?> Get(string name, CancellationToken cancel)
    {
        try
        {
            return await actors.Service(name, master => master.Get(), cancel);
        }
        catch (Exception e) when (e is NoAnswerException or UnreadableServiceException or ActorDefectException)
        {
            return null;
        }
    }
}
