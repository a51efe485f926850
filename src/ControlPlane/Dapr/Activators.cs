using Dapr.Actors.Runtime;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>
/// Makes actors of what the container holds. Dapr's own compiles an expression for each type and gives each actor a scope; these need
/// neither, and the compiler of expressions takes several megabytes.
/// </summary>
internal sealed class Activators(IServiceProvider services) : ActorActivatorFactory
{
    public override ActorActivator CreateActivator(ActorTypeInformation actorTypeInfo) =>
        new Activator(services, actorTypeInfo.ImplementationType);

    private sealed class Activator(IServiceProvider services, Type type) : ActorActivator
    {
        public override Task<ActorActivatorState> CreateAsync(ActorHost host) =>
            Task.FromResult(new ActorActivatorState((Actor)ActivatorUtilities.CreateInstance(services, type, host)));

        public override Task DeleteAsync(ActorActivatorState obj) => Task.CompletedTask;
    }
}
