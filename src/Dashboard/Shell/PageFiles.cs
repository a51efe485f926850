using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Orchestrator.Dashboard.Shell;

/// <summary>
/// Scripts, styles and pictures of the page. They are inside this assembly; each is read when it is asked for and none is kept in memory.
/// </summary>
internal sealed class PageFiles
{
    private const string Styles = "dashboard.css";
    private static readonly Assembly Source = typeof(PageFiles).Assembly;

    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        [".css"] = "text/css; charset=utf-8", [".js"] = "text/javascript; charset=utf-8", [".svg"] = "image/svg+xml",
    };

    /// <summary>Each capability has its styles beside it; a browser gets them as one.</summary>
    private static readonly string[] OwnStyles = [.. Source.GetManifestResourceNames()
        .Where(it => it.EndsWith(".css", StringComparison.Ordinal) && it != "mudblazor.css").Order(StringComparer.Ordinal)];

    private readonly Lazy<Dictionary<string, string>> versions = new(() => Names().ToDictionary(it => it, Version));

    /// <summary>Another address for each version, so that a browser may keep it for ever.</summary>
    public string this[string name] => $"ui/files/{name}?v={versions.Value[name]}";

    public bool Has(string name) => versions.Value.ContainsKey(name);

    public static async Task Send(HttpContext context, string name)
    {
        var answer = context.Response;
        answer.ContentType = Types[Path.GetExtension(name)];
        answer.Headers.CacheControl = context.Request.Query.ContainsKey("v") ? "public, max-age=31536000, immutable" : "no-cache";
        answer.Headers.XContentTypeOptions = "nosniff";
        answer.Headers.Vary = "Accept-Encoding";
        var small = context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);
        if (small) answer.Headers.ContentEncoding = "gzip";
        if (HttpMethods.IsHead(context.Request.Method)) return;
        await using var body = small ? new GZipStream(answer.Body, CompressionLevel.Fastest, leaveOpen: true) : answer.Body;
        foreach (var part in Parts(name))
        {
            await using var content = Source.GetManifestResourceStream(part)!;
            await content.CopyToAsync(body, context.RequestAborted);
        }
    }

    private static IEnumerable<string> Names() =>
        Source.GetManifestResourceNames().Except(OwnStyles).Where(it => Types.ContainsKey(Path.GetExtension(it))).Append(Styles);

    private static string[] Parts(string name) => name == Styles ? OwnStyles : [name];

    private static string Version(string name)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in Parts(name))
        {
            using var content = Source.GetManifestResourceStream(part)!;
            hash.AppendData(SHA256.HashData(content));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 6));
    }
}

internal static class PageFilesRoutes
{
    public static void MapPageFiles(this IEndpointRouteBuilder routes) => routes.MapMethods(
        "/ui/files/{name}", [HttpMethods.Get, HttpMethods.Head], (RequestDelegate)(async context =>
        {
            var name = $"{context.Request.RouteValues["name"]}";
            if (((PageFiles)context.RequestServices.GetService(typeof(PageFiles))!).Has(name)) await PageFiles.Send(context, name);
            else context.Response.StatusCode = StatusCodes.Status404NotFound;
        }));
}
