using System.ComponentModel.DataAnnotations;

namespace Orchestrator.ControlPlane.Settings;

/// <summary>Every knob of a master. Names in brackets are the environment variables.</summary>
internal sealed record ControlPlaneOptions : IValidatableObject
{
    /// <summary>Port of the REST API (API_PORT). 1 to 65,535; default 5000.</summary>
    [Range(1, 65535)]
    public int ApiPort { get; init; } = 5000;

    /// <summary>Port of Dapr's calls, on loopback alone (APP_PORT). 1 to 65,535, another one than that of the API; default 5100.</summary>
    [Range(1, 65535)]
    public int AppPort { get; init; } = 5100;

    /// <summary>Address at which the REST API listens (LISTEN): <c>localhost</c> (default), <c>*</c>, or an IP address.</summary>
    [Required]
    public string Listen { get; init; } = "localhost";

    /// <summary>Name of this master in <c>GET /members</c> (MEMBER_NAME); default: the machine's name and the API's port.</summary>
    [Required]
    public string MemberName { get; init; } = "";

    /// <summary>Where the REST API is reachable from outside (PUBLIC_URL); default <c>http://localhost:API_PORT</c>.</summary>
    [Required, Url]
    public string PublicUrl { get; init; } = "";

    /// <summary>
    /// Names and addresses by which the REST API may be called (ALLOWED_HOSTS, separated by commas), besides loopback, LISTEN and the host
    /// of PUBLIC_URL; none by default.
    /// </summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>File of the API's tokens (API_TOKENS); none by default, and then whoever reaches the API may do everything.</summary>
    public string? ApiTokens { get; init; }

    /// <summary>File to which each change is written, a line of JSON each (AUDIT_LOG); default: the log, category <c>Audit</c>.</summary>
    public string? AuditLog { get; init; }

    /// <summary>Folder into which backups are written (BACKUP_FOLDER); none by default.</summary>
    public string? BackupFolder { get; init; }

    /// <summary>How often a backup is written (BACKUP_INTERVAL), as <c>hh:mm:ss</c>. 10 s to 7 days; default one hour.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "7.00:00:00")]
    public TimeSpan BackupInterval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How many backups are kept in the folder (BACKUP_KEEP), the newest ones. 1 to 10,000; default 48.</summary>
    [Range(1, 10_000)]
    public int BackupKeep { get; init; } = 48;

    /// <summary>Further addresses of the API, for TLS (<c>Kestrel:Endpoints</c>); none by default.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];

    /// <summary>Each master tells the registry so often that it lives.</summary>
    public TimeSpan Beat { get; init; } = TimeSpan.FromSeconds(1);

    public LivenessRules Liveness { get; init; } = new();

    /// <summary>A master that is silent for so long is no longer listed.</summary>
    public TimeSpan MasterForgottenAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The reminder of the directory fires this often; it also brings it back after its host has died. A service that waits for something
    /// looks again as often, in case the news of it was lost.
    /// </summary>
    public TimeSpan RemindEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// What is left of a deleted service, its tombstone, is kept so long at least: orders, reports and requests that come late find it.
    /// </summary>
    public TimeSpan TombstoneKept { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Each master asks the directory about this often which services need a look, whatever else may have been lost; one that has not asked
    /// for three times as long is taken for gone, and the services it looked after are looked at.
    /// </summary>
    public TimeSpan SweepEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <exception cref="ValidationException">A value is missing or out of range; the message names it.</exception>
    public static ControlPlaneOptions From(IConfiguration configuration)
    {
        var port = configuration.GetValue("API_PORT", 5000);
        var options = new ControlPlaneOptions
        {
            ApiPort = port,
            AppPort = configuration.GetValue("APP_PORT", 5100),
            Listen = configuration["LISTEN"] ?? "localhost",
            MemberName = configuration["MEMBER_NAME"] ?? $"{Environment.MachineName.ToLowerInvariant()}-{port}",
            PublicUrl = configuration["PUBLIC_URL"] ?? $"http://localhost:{port}",
            AllowedHosts = List(configuration["ALLOWED_HOSTS"]),
            ApiTokens = configuration["API_TOKENS"] is { Length: > 0 } path ? path : null,
            AuditLog = configuration["AUDIT_LOG"] is { Length: > 0 } file ? file : null,
            BackupFolder = configuration["BACKUP_FOLDER"] is { Length: > 0 } folder ? folder : null,
            BackupInterval = configuration.GetValue("BACKUP_INTERVAL", TimeSpan.FromHours(1)),
            BackupKeep = configuration.GetValue("BACKUP_KEEP", 48),
            Endpoints = [.. configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(it => it["Url"]).OfType<string>()],
        };
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        return options;
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ApiPort == AppPort) yield return new($"API_PORT and APP_PORT are both {ApiPort}; the API and Dapr need a port each.");
        var open = Endpoints.Select(url => BindingAddress.Parse(url).Host).Prepend(Listen).FirstOrDefault(host => !Loopback.Is(host));
        if (ApiTokens is null && open is not null)
            yield return new(
                $"The API would listen at '{open}', where others reach it: name a file of tokens in API_TOKENS, or listen at localhost.");
    }

    private static string[] List(string? text) =>
        text?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
