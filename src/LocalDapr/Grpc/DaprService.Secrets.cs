using Dapr.Client.Autogen.Grpc.v1;

namespace LocalDapr.Grpc;

internal sealed partial class DaprService
{
    public Task<GetSecretResponse> GetSecret(GetSecretRequest request)
    {
        var response = new GetSecretResponse();
        foreach (var (name, value) in api.Secrets.Get(request.StoreName, request.Key)) response.Data[name] = value;
        return Task.FromResult(response);
    }

    public Task<GetBulkSecretResponse> GetBulkSecret(GetBulkSecretRequest request)
    {
        var response = new GetBulkSecretResponse();
        foreach (var (name, secret) in api.Secrets.All(request.StoreName))
        {
            var told = new SecretResponse();
            foreach (var (part, value) in secret) told.Secrets[part] = value;
            response.Data[name] = told;
        }

        return Task.FromResult(response);
    }
}
