using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Orchestrator.ControlPlane.Api;

namespace Orchestrator.ControlPlane.Door;

/// <summary><c>Authorization: Bearer TOKEN</c>; refusals are problem details that name the role which is needed.</summary>
internal sealed class TokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ApiTokens tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string Bearer = "Bearer";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization is not [{ } shown]) return Task.FromResult(AuthenticateResult.NoResult());
        return Task.FromResult(
            shown.Split(' ') is [var scheme, var token] && scheme.Equals(Bearer, StringComparison.OrdinalIgnoreCase)
            && tokens.Find(token) is { } holder
                ? AuthenticateResult.Success(new(Principal(holder), Bearer))
                : AuthenticateResult.Fail("no such token"));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = Bearer;
        return Problems.Of(
            StatusCodes.Status401Unauthorized, $"a token with the role {Needed} is needed: Authorization: Bearer TOKEN")
            .ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Problems.Of(
        StatusCodes.Status403Forbidden, $"the role {Needed} is needed; the token '{Context.User.Identity?.Name}' has not got it")
        .ExecuteAsync(Context);

    private string? Needed => Context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>()?.Policy;

    private static ClaimsPrincipal Principal(TokenHolder holder) => new(new ClaimsIdentity(
        [
            new(ClaimTypes.Name, holder.Name),
            .. Enum.GetValues<Role>().Where(role => role <= holder.Role).Select(role => new Claim(ClaimTypes.Role, role.Word())),
        ],
        Bearer));
}

internal static class TokenAuthenticationSetup
{
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">The file of tokens cannot be used.</exception>
    public static void AddTokens(this IServiceCollection services, string? path)
    {
        var authorization = services.AddAuthorizationBuilder();
        foreach (var role in Enum.GetValues<Role>()) authorization.AddPolicy(role.Word(), policy => policy.RequireRole(role.Word()));
        // Its core alone: the whole of it keeps keys for cookies, which nobody here has, in the home folder.
        services.AddAuthenticationCore();
        if (path is null) return;
        services.AddSingleton(ApiTokens.Read(path));
        services.AddSingleton(UrlEncoder.Default).AddTransient<TokenAuthentication>().AddAuthenticationCore(
            authentication => authentication.AddScheme<TokenAuthentication>(TokenAuthentication.Bearer, displayName: null));
    }

    /// <summary>Routes that viewers may look at, and change with a role; where there are no tokens everybody may.</summary>
    public static RouteGroupBuilder ChangedBy(this RouteGroupBuilder api, Role role) => api.For(look: Role.Viewer, change: role);

    /// <summary>Routes at which only a role may even look, which leaves a line in the audit log.</summary>
    public static RouteGroupBuilder For(this RouteGroupBuilder api, Role role) =>
        api.For(look: role, change: role).WithMetadata(new Audited());

    private static RouteGroupBuilder For(this RouteGroupBuilder api, Role look, Role change)
    {
        var group = api.MapGroup("");
        if (((IEndpointRouteBuilder)api).ServiceProvider.GetService<ApiTokens>() is null) return group;
        ((IEndpointConventionBuilder)group).Finally(endpoint =>
        {
            var looks = endpoint.Metadata.OfType<HttpMethodMetadata>().LastOrDefault()?.HttpMethods.All(Roles.IsLook) == true;
            endpoint.Metadata.Add(new AuthorizeAttribute((looks ? look : change).Word()));
        });
        return group;
    }
}
