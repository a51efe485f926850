using System.Collections.Frozen;
using System.Text.Json;
using LocalDapr.Actors;
using LocalDapr.Apps;
using LocalDapr.Wire;

namespace LocalDapr;

/// <summary>What the sidecar does as its app comes and goes.</summary>
public sealed partial class Sidecar
{
    /// <summary>An app that listens but does not answer is asked again; its process may have been replaced meanwhile.</summary>
    private static readonly TimeSpan TimeToTell = TimeSpan.FromSeconds(10);

    private async Task FollowAppAsync()
    {
        if (options.AppPort == 0)
        {
            IsReady();
            return;
        }

        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await app.Watch.RunAsync(TakeAppInAsync, LoseAppAsync, stopping.Token);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // A mistake of ours must not leave the app without its sidecar for good: begin again.
                LogBeginAgain(AppId, e);
                await LoseAppAsync();
                await Task.Delay(TimeSpan.FromSeconds(1), shared.Options.Clock, CancellationToken.None);
            }
        }
    }

    private async Task<bool> TakeAppInAsync(CancellationToken cancel)
    {
        try
        {
            using var deadline = new CancellationTokenSource(TimeToTell, shared.Options.Clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
            actors.Types = await ReadConfigAsync(either.Token);
            await subscriptions.StartAsync(either.Token);
        }
        catch (Exception e) when (e is AppUnreachableException or AppAnswerTooLargeException
            || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            LogNotTakenIn(AppId, e.Message);
            return false;
        }

        app.Watch.Healthy = true;
        if (actors.Types.Count > 0 && state.ActorStore is null) LogNoActorStore(AppId);
        else if (actors.Types.Count > 0) shared.Placement.Join(actors, actors.Types.Keys);
        IsReady();
        return true;
    }

    private async Task LoseAppAsync()
    {
        app.Watch.Healthy = false;
        subscriptions.Stop();
        workers.CloseAll();
        readiness.Lost();
        await shared.Placement.LeaveAsync(actors);
    }

    private async Task<FrozenDictionary<string, ActorTypeOptions>> ReadConfigAsync(CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, app.Channel.Root + "dapr/config");
        request.Headers.TryAddWithoutValidation(DaprHeaders.AppId, AppId);
        var answer = await app.Channel.AskAsync(request, cancel);
        if (answer.Status != 200) return FrozenDictionary<string, ActorTypeOptions>.Empty;
        try
        {
            return AppConfig.Read(answer.Body);
        }
        catch (JsonException e)
        {
            // An app that answers anything with 200 hosts no actors; it is no reason not to serve it.
            LogUnreadable(AppId, e.Message);
            return FrozenDictionary<string, ActorTypeOptions>.Empty;
        }
    }

    private void IsReady()
    {
        readiness.Reached();
        LogReady(ReplicaName, HttpPort, GrpcPort);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Replica} is ready: HTTP {HttpPort}, gRPC {GrpcPort}")]
    private partial void LogReady(string replica, int httpPort, int grpcPort);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "{AppId} has actors, but no component of kind state says actorStateStore: \"true\"; none is hosted")]
    private partial void LogNoActorStore(string appId);

    [LoggerMessage(Level = LogLevel.Error, Message = "following the app {AppId} broke; beginning again")]
    private partial void LogBeginAgain(string appId, Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "/dapr/config of {AppId} is not understood, so it hosts no actors: {Why}")]
    private partial void LogUnreadable(string appId, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{AppId} listens but its configuration could not be read: {Why}")]
    private partial void LogNotTakenIn(string appId, string why);
}
