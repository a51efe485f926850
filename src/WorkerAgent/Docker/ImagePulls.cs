using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Values;
using Orchestrator.ServiceDefaults.Concurrency;
using Orchestrator.WorkerAgent.Settings;

namespace Orchestrator.WorkerAgent.Docker;

/// <summary>Asks the control plane how to log in at a registry.</summary>
internal interface IRegistryLogins
{
    /// <exception cref="EngineException">It gives no answer; asking again may help.</exception>
    Task<CredentialsAnswer> Ask(string service, string image, CancellationToken cancel);
}

/// <summary>Pulls images. How to log in is asked afresh at every pull and kept nowhere, so that a new password counts at once.</summary>
internal sealed class ImagePulls(
    IContainerEngine engine, IRegistryLogins logins, CredentialHelpers helpers, EngineGates gates, PulledImages pulled,
    WorkerAgentOptions options, TimeProvider clock)
{
    /// <summary>A pull of which nothing comes is begun so often; the engine keeps the layers that have come.</summary>
    private const int Tries = 3;

    /// <summary>So often it is looked how a pull gets on.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    /// <param name="service">For which it is pulled; empty when for none, and then without a login.</param>
    /// <param name="tell">Told now and then how it gets on.</param>
    public Task Pull(string service, string image, Action<string>? tell, CancellationToken cancel) =>
        gates.PullsFrom(ImageReference.Parse(image).Registry).Inside(async () =>
    {
        for (var tries = 1; !await TryPull(service, image, tell, cancel); tries++)
        {
            var stalled = $"nothing has come of it for {Durations.Format(options.PullStall)}";
            if (tries == Tries) throw new EngineException(EngineFault.Silent, $"{stalled}, {Tries} times");
            tell?.Invoke($"{stalled}, it is begun anew");
        }
    }, cancel);

    /// <summary>False when it got stuck.</summary>
    private async Task<bool> TryPull(string service, string image, Action<string>? tell, CancellationToken cancel)
    {
        var login = service.Length == 0 ? null : await Login(await logins.Ask(service, image, cancel), cancel);
        var course = new PullCourse(clock);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var pulling = engine.Pull(image, login, course, giveUp.Token);
        string? told = null;
        while (!pulling.IsCompleted)
        {
            await pulling.WaitAsync(Look, clock, cancel).Quietly();
            if (pulling.IsCompleted || cancel.IsCancellationRequested) break;
            if (course.Silence >= options.PullStall)
            {
                giveUp.Cancel();
                await pulling.Quietly();
                if (!pulling.IsCompletedSuccessfully) return false;
                break;
            }

            if (course.Words is not { } words || words == told) continue;
            tell?.Invoke(words);
            told = words;
        }

        await pulling;
        pulled.Pulled(image, service);
        return true;
    }

    /// <summary>What is behind a reference, by what is here or by the registry.</summary>
    public async Task<ImageAnswer> Find(ImageQuestion question, CancellationToken cancel)
    {
        try
        {
            var here = await engine.FindImage(question.Image, cancel);
            if (here is not null && !question.Fresh) return new(here);
            if (!question.MayAskRegistry) return new(here, here is null ? $"{question.Image} is not here, and it is never pulled" : null);
            return await AskRegistry(question, here, cancel);
        }
        catch (EngineException e)
        {
            return new(null, e.Message);
        }
    }

    /// <summary>Of an image that no registry ever had, what is here counts.</summary>
    private async Task<ImageAnswer> AskRegistry(ImageQuestion question, ImageSeen? here, CancellationToken cancel)
    {
        try
        {
            var login = await Login(new(question.Credentials), cancel);
            return new(new(await engine.DigestInRegistry(question.Image, login, cancel), null));
        }
        catch (EngineException e)
        {
            return new(here is { Digest: null } ? here : null, $"the registry of {question.Image} says: {e.Message}");
        }
    }

    private async Task<PullLogin?> Login(CredentialsAnswer answer, CancellationToken cancel) => answer switch
    {
        { Problem: { } problem } => throw new EngineException(EngineFault.Refused, problem),
        { Credentials: null } => null,
        { Credentials: { Helper: { } helper } it } => await helpers.Ask(helper, it.Registry, cancel),
        { Credentials: var it } => new(it.Registry, it.Username, it.Password, Token: null),
    };
}
