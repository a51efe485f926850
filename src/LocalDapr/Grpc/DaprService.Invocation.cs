using System.Net.Http.Headers;
using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using LocalDapr.Apps;
using LocalDapr.Wire;

namespace LocalDapr.Grpc;

internal sealed partial class DaprService
{
    /// <summary>A call of an HTTP app through gRPC; its status becomes one of gRPC's when it is an error.</summary>
    public async Task<InvokeResponse> InvokeService(InvokeServiceRequest request, ServerCallContext call)
    {
        var message = request.Message;
        var answer = await api.Invocation.AskAsync(request.Id, root => Request(root, message, call), call.CancellationToken);
        if (!answer.Is2xx)
            throw new RpcException(new Status(Code(answer.Status), System.Text.Encoding.UTF8.GetString(answer.Body)));
        return new()
        {
            Data = new Any { Value = UnsafeByteOperations.UnsafeWrap(answer.Body) },
            ContentType = answer.ContentHeaders?.ContentType?.ToString() ?? "",
        };
    }

    private HttpRequestMessage Request(string root, InvokeRequest message, ServerCallContext call)
    {
        var verb = message.HttpExtension?.Verb ?? HTTPExtension.Types.Verb.None;
        string query = message.HttpExtension?.Querystring ?? "";
        string path = message.Method.TrimStart('/') + (query.Length == 0 ? "" : "?" + query.TrimStart('?'));
        var request = new HttpRequestMessage(
            verb == HTTPExtension.Types.Verb.None ? HttpMethod.Post : new HttpMethod(verb.ToString().ToUpperInvariant()), root + path);
        if (message.Data is { Value.IsEmpty: false } data)
        {
            request.Content = new ByteArrayContent(data.Value.ToByteArray());
            if (MediaTypeHeaderValue.TryParse(message.ContentType, out var type)) request.Content.Headers.ContentType = type;
        }

        var headers = new HeaderDictionary();
        foreach (var entry in call.RequestHeaders.Where(h => !h.IsBinary && !h.Key.StartsWith("grpc-", StringComparison.Ordinal)))
        {
            if (entry.Key is not ("content-type" or "user-agent")) headers.Append(entry.Key, entry.Value);
        }

        if (api.Token.IsAskedFor) headers.Remove(DaprHeaders.ApiToken);
        ForwardedHeaders.ToApp(headers, request);
        return request;
    }

    private static StatusCode Code(int status) => status switch
    {
        400 => StatusCode.InvalidArgument,
        401 => StatusCode.Unauthenticated,
        403 => StatusCode.PermissionDenied,
        404 => StatusCode.NotFound,
        409 => StatusCode.AlreadyExists,
        429 => StatusCode.ResourceExhausted,
        501 => StatusCode.Unimplemented,
        503 => StatusCode.Unavailable,
        504 => StatusCode.DeadlineExceeded,
        _ => StatusCode.Unknown,
    };
}
