using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Orchestrator.Testing;

/// <summary>Debian's docker-registry on loopback, behind a user name and a password that can be changed while it runs.</summary>
public sealed class RealRegistry : IAsyncDisposable
{
    public const string Username = "deploy";

    /// <summary>Passwords as the registry stores them; it knows bcrypt alone.</summary>
    private static readonly Dictionary<string, string> Passwords = new(StringComparer.Ordinal)
    {
        ["first-token"] = "$2y$04$abcdefghijklmnopqrstuuDCItQMwWYiXKMvD7sATttfpI/s3W6nG",
        ["second-token"] = "$2y$04$zyxwvutsrqponmlkjihgfOKJkXghESMsEq7/eszh06syomPWZMn8G",
    };

    private readonly string folder = Directory.CreateTempSubdirectory("orchestrator-registry-").FullName;
    private readonly Process process;

    private RealRegistry(Process process, string host) => (this.process, Host) = (process, host);

    public string Host { get; }

    private string PasswordFile => Path.Combine(folder, "htpasswd");

    /// <param name="skip">Is told why where the program is not there, and does not return.</param>
    public static async Task<RealRegistry> Start(Action<string> skip)
    {
        var program = Path.Combine(Repository(), "artifacts", "tools", "bin", "docker-registry");
        if (!File.Exists(program)) skip($"Debian's docker-registry is not at {program}; './orchestrator test' puts it there");
        int port;
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        var host = $"127.0.0.1:{port}";
        var registry = new RealRegistry(new Process(), host);
        registry.Change("first-token");
        var settings = Path.Combine(registry.folder, "config.yml");
        await File.WriteAllTextAsync(settings,
            $"""
            version: 0.1
            log:
              level: error
            storage:
              filesystem:
                rootdirectory: {registry.folder}/data
            http:
              addr: {host}
            auth:
              htpasswd:
                realm: test
                path: {registry.PasswordFile}
            """);
        registry.process.StartInfo = new(program, ["serve", settings]) { RedirectStandardError = true, RedirectStandardOutput = true };
        registry.process.Start();
        registry.process.BeginErrorReadLine();
        registry.process.BeginOutputReadLine();
        await Eventually.Become(
            async () => await registry.Answers("first-token"), answers => answers, TimeSpan.FromSeconds(20), "the registry answers");
        return registry;
    }

    /// <summary>From now on this is the password.</summary>
    public void Change(string password)
    {
        File.WriteAllText(PasswordFile, $"{Username}:{Passwords[password]}\n");
        // The registry goes by the file's time, in whole seconds.
        File.SetLastWriteTimeUtc(PasswordFile, DateTime.UnixEpoch.AddSeconds(Interlocked.Increment(ref changes) * 10));
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Folders.Remove(folder);
    }

    private static int changes;

    private async Task<bool> Answers(string password)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Username}:{password}")));
        try
        {
            using var answer = await http.GetAsync(new Uri($"http://{Host}/v2/"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Orchestrator.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
