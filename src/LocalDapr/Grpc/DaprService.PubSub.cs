using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using LocalDapr.Wire;
using LocalDapr.PubSub;

namespace LocalDapr.Grpc;

internal sealed partial class DaprService
{
    public Task<Empty> PublishEvent(PublishEventRequest request, ServerCallContext call)
    {
        api.PubSubs.Publish(new(request.PubsubName, request.Topic, request.Data.ToByteArray(), request.DataContentType)
        {
            Metadata = new Dictionary<string, string>(request.Metadata, StringComparer.OrdinalIgnoreCase),
            TraceParent = call.RequestHeaders.GetValue("traceparent"),
            TraceState = call.RequestHeaders.GetValue("tracestate"),
        });
        return Task.FromResult(new Empty());
    }

    public Task<BulkPublishResponse> BulkPublishEvent(BulkPublishRequest request)
    {
        var response = new BulkPublishResponse();
        foreach (var entry in request.Entries)
        {
            if (entry.EntryId.Length == 0) throw ApiException.BadRequest("an entry without id");
            var metadata = new Dictionary<string, string>(request.Metadata, StringComparer.OrdinalIgnoreCase);
            foreach (var (name, value) in entry.Metadata) metadata[name] = value;
            try
            {
                api.PubSubs.Publish(new(request.PubsubName, request.Topic, entry.Event.ToByteArray(), entry.ContentType)
                {
                    Metadata = metadata,
                });
            }
            catch (ApiException e) when (e.Code == "ERR_PUBSUB_CLOUD_EVENTS_SER")
            {
                response.FailedEntries.Add(new BulkPublishResponseFailedEntry { EntryId = entry.EntryId, Error = e.Message });
            }
        }

        return Task.FromResult(response);
    }
}
