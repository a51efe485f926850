using Orchestrator.Contracts.Content;

namespace Orchestrator.WorkerAgent.Docker;

/// <summary>Asks the control plane how to log in at a registry.</summary>
internal interface IRegistryLogins
{
    /// <exception cref="EngineException">It gives no answer; asking again may help.</exception>
    Task<CredentialsAnswer> Ask(string service, string image, CancellationToken cancel);
}

/// <summary>Pulls images. How to log in is asked afresh at every pull and kept nowhere, so that a new password counts at once.</summary>
internal sealed class ImagePulls(
    IContainerEngine engine, IRegistryLogins logins, CredentialHelpers helpers, EngineGates gates, PulledImages pulled)
{
    /// <param name="service">For which it is pulled; empty when for none, and then without a login.</param>
    public Task Pull(string service, string image, CancellationToken cancel) => gates.Pulls.Inside(async () =>
    {
        var login = service.Length == 0 ? null : await Login(await logins.Ask(service, image, cancel), cancel);
        await engine.Pull(image, login, cancel);
        pulled.Pulled(image, service);
        return true;
    }, cancel);

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
