using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Orchestrator.ControlPlane.Tests.Api;
using Orchestrator.Testing;

namespace Orchestrator.ControlPlane.Tests.Door;

/// <summary>TLS as docs/operating.md has it, by Kestrel's own configuration, over real connections.</summary>
public sealed class TlsConversations : IDisposable
{
    private const string Token = "rPjT9sZ0yq3mC5w8VbN1xL4kHd7fGa2e";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("tls-");
    private readonly TokenFile tokens = new($"ann viewer {Token}");
    private readonly int[] ports = FreePorts.Find(3);

    public void Dispose()
    {
        folder.Delete(recursive: true);
        tokens.Dispose();
    }

    [Fact]
    public async Task The_API_is_behind_the_certificate_that_is_configured_and_wants_its_tokens_there()
    {
        using var certificate = Certificate();
        await using var master = new ControlPlaneOverHttp([.. Endpoint(certificate), ("API_TOKENS", tokens.Path)]);
        master.UseKestrel();
        master.StartServer();
        using var http = Trusting(certificate);
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(http));
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        Assert.Equal(HttpStatusCode.OK, await Status(http));

        using var stranger = Certificate();
        using var doubting = Trusting(stranger);
        await Assert.ThrowsAsync<HttpRequestException>(() => Status(doubting));
    }

    private (string, string)[] Endpoint(X509Certificate2 certificate)
    {
        var (crt, key) = (Path.Combine(folder.FullName, "tls.crt"), Path.Combine(folder.FullName, "tls.key"));
        File.WriteAllText(crt, certificate.ExportCertificatePem());
        File.WriteAllText(key, certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return
        [
            ("Kestrel:Endpoints:Https:Url", $"https://localhost:{ports[0]}"), ("Kestrel:Endpoints:Https:Certificate:Path", crt),
            ("Kestrel:Endpoints:Https:Certificate:KeyPath", key), ("API_PORT", $"{ports[1]}"), ("APP_PORT", $"{ports[2]}"),
        ];
    }

    private async Task<HttpStatusCode> Status(HttpClient http)
    {
        var url = new Uri($"https://localhost:{ports[0]}/services");
        using var answer = await http.GetAsync(url, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    /// <summary>Its own issuer, for localhost.</summary>
    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeProvider.System.GetUtcNow().AddHours(1));
    }

    /// <summary>As <c>curl --cacert</c>: that one and no other.</summary>
    private static HttpClient Trusting(X509Certificate2 certificate)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, CustomTrustStore = { certificate },
        };
        return new HttpClient(handler);
    }
}
