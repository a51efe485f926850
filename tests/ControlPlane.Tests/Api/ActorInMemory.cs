using System.Reflection;
using System.Text.Json;
using Dapr.Actors;
using Orchestrator.Contracts;

namespace Orchestrator.ControlPlane.Tests.Api;

/// <summary>One actor: a call at a time, what goes in and out is JSON, and what it throws comes to the caller as Dapr tells it.</summary>
internal sealed class ActorInMemory(object actor, string name, ActorsInMemory all) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);

    public async Task<T> Call<T>(MethodInfo method, object?[] arguments)
    {
        if (all.OnTheWay(name) is { } away) throw away;
        var answer = await Turn<T>(method, arguments);
        return all.OnTheWayBack(name) is { } lost ? throw lost : answer;
    }

    public void Dispose() => turn.Dispose();

    /// <summary>Something that no caller asked for.</summary>
    public async Task Turn(Func<object, Task> what)
    {
        await turn.WaitAsync();
        try
        {
            await what(actor);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<T> Turn<T>(MethodInfo method, object?[] arguments)
    {
        await turn.WaitAsync();
        try
        {
            if (all.Inside(name) is { } broken) throw broken;
            var sent = arguments.Zip(method.GetParameters(), (it, parameter) => OnTheWire(it, parameter.ParameterType));
            var answer = (Task)method.Invoke(actor, [.. sent])!;
            await answer;
            return answer is Task<T> told ? (T)OnTheWire(told.Result, typeof(T))! : default!;
        }
        catch (Exception e)
        {
            var inside = new ActorInvokeException(e.GetType().FullName, e.Message);
            throw new ActorMethodInvocationException("Remote Actor Method Exception", inside, false);
        }
        finally
        {
            turn.Release();
        }
    }

    private static object? OnTheWire(object? value, Type type) =>
        JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes(value, type, ContractsJson.Options), type, ContractsJson.Options);
}

/// <summary>Makes an interface of an actor out of it.</summary>
public class ProxyInMemory : DispatchProxy
{
    internal ActorInMemory Actor { get; set; } = null!;

    protected override object Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var answer = targetMethod!.ReturnType.IsGenericType ? targetMethod.ReturnType.GetGenericArguments()[0] : typeof(object);
        var call = typeof(ActorInMemory).GetMethod(nameof(ActorInMemory.Call))!.MakeGenericMethod(answer);
        return call.Invoke(Actor, [targetMethod, args ?? []])!;
    }
}
