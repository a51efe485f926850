using System.Globalization;
using System.Text;
using System.Text.Json;
using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using LocalDapr.Actors;
using LocalDapr.Wire;
using LocalDapr.State;

namespace LocalDapr.Grpc;

/// <summary>Actors over gRPC: no .NET package uses it, other SDKs do.</summary>
internal sealed partial class DaprService
{
    public async Task<InvokeActorResponse> InvokeActor(InvokeActorRequest request, ServerCallContext call)
    {
        var headers = new HeaderDictionary();
        foreach (var (name, value) in request.Metadata) headers[name] = value;
        var actor = new ActorAddress(request.ActorType, request.ActorId);
        string chain = headers[DaprHeaders.ReentrancyId].ToString();
        var answer = await api.Actors.CallAsync(
            actor, new(request.Method, request.Data.ToByteArray(), headers, chain.Length == 0 ? null : chain), call.CancellationToken);
        return new() { Data = UnsafeByteOperations.UnsafeWrap(answer.Body) };
    }

    public Task<GetActorStateResponse> GetActorState(GetActorStateRequest request)
    {
        var response = new GetActorStateResponse();
        if (api.ActorState.Get(new(request.ActorType, request.ActorId), request.Key) is { } item)
        {
            response.Data = UnsafeByteOperations.UnsafeWrap(item.Value);
            if (item.ExpiresText is { } expires) response.Metadata["ttlExpireTime"] = expires;
        }

        return Task.FromResult(response);
    }

    public async Task<Empty> ExecuteActorStateTransaction(ExecuteActorStateTransactionRequest request)
    {
        var actor = new ActorAddress(request.ActorType, request.ActorId);
        var changes = request.Operations.Select(one => new StateChange(
            api.ActorState.Key(actor, one.Key), one.OperationType == "delete" ? null : one.Value?.Value.ToByteArray() ?? [])
        {
            Ttl = api.ActorState.Ttl(one.Metadata),
        }).ToList();
        await api.ActorState.SaveAsync(actor, changes);
        return new();
    }

    public async Task<Empty> RegisterActorReminder(RegisterActorReminderRequest request)
    {
        await api.Reminders.RegisterAsync(
            Key(request.ActorType, request.ActorId, request.Name), new(request.DueTime, request.Period, request.Ttl, Data(request.Data)));
        return new();
    }

    public async Task<Empty> UnregisterActorReminder(UnregisterActorReminderRequest request)
    {
        await api.Reminders.UnregisterAsync(Key(request.ActorType, request.ActorId, request.Name));
        return new();
    }

    public Task<Empty> RegisterActorTimer(RegisterActorTimerRequest request)
    {
        api.Reminders.RegisterTimer(
            Key(request.ActorType, request.ActorId, request.Name),
            new(request.DueTime, request.Period, request.Ttl, Data(request.Data), request.Callback));
        return Task.FromResult(new Empty());
    }

    public Task<Empty> UnregisterActorTimer(UnregisterActorTimerRequest request)
    {
        api.Reminders.UnregisterTimer(Key(request.ActorType, request.ActorId, request.Name));
        return Task.FromResult(new Empty());
    }

    private static ReminderKey Key(string type, string id, string name) => new(new(type, id), name);

    /// <summary>Data is kept as a JSON token: what is JSON already stays as it is, other bytes become a base64 text.</summary>
    private static string? Data(ByteString data)
    {
        if (data.IsEmpty) return null;
        try
        {
            using var json = JsonDocument.Parse(data.Memory);
            return Encoding.UTF8.GetString(data.Span);
        }
        catch (JsonException)
        {
            return string.Create(CultureInfo.InvariantCulture, $"\"{data.ToBase64()}\"");
        }
    }
}
