using System.ComponentModel.DataAnnotations;
using Orchestrator.ControlPlane;
using Orchestrator.ControlPlane.Api;
using Orchestrator.ControlPlane.Door;
using Orchestrator.ControlPlane.Settings;
using Orchestrator.ServiceDefaults;
using Orchestrator.ServiceDefaults.Security;

var builder = WebApplication.CreateSlimBuilder(args);

WebApplication app;
ControlPlaneOptions options;
try
{
    options = ControlPlaneOptions.From(builder.Configuration);
    builder.AddServiceDefaults("control-plane", options.MemberName);
    // A slim builder leaves out what nobody here uses; TLS is used, by Kestrel's own configuration.
    builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.ListenFor(options))
        .UseSockets(Listening.KeepThreads);
    builder.Services.AddControlPlane(options, builder.Configuration);
    builder.Services.AddTokens(options.ApiTokens);
    builder.Services.AddPage(options);
    builder.Services.AddSingleton(it =>
        new AuditLog(options.AuditLog, it.GetRequiredService<ILoggerFactory>().CreateLogger(AuditLog.Category)));
    app = builder.Build();
    app.UseAuditLog();
}
catch (ValidationException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}

app.UseExceptionHandler();
app.UseStatusCodePages();
app.UseEntrances();
app.UsePublicHealth();
app.UseAppToken(context => context.EnteredAt(options) is Entrance.Dapr);
app.UseBrowserProof();
app.UseAuthentication();
app.UseAuthorization();
app.UseExactRequests();
app.UseWebSockets();

app.MapServiceDefaults();
app.MapActorsHandlers().For(Entrance.Dapr);

var api = app.MapGroup("").For(Entrance.Public);
// The same for everyone, and public as the code is: a browser that opens a page cannot show a token.
api.MapOpenApi().AlsoHead();
api.MapDocs();
api.MapPage();

var cluster = api.ChangedBy(Role.Operator);
cluster.MapMembers();
cluster.MapWorkers();
cluster.MapMaintenance();
cluster.MapRegistries();
cluster.MapVolumes();
api.For(Role.Operator).MapBackups();
api.For(Role.Operator).WithMetadata(new AuditedAtOnce()).MapExec();

var services = api.ChangedBy(Role.Deployer);
services.MapServices();
services.MapServiceActions();
services.MapStacks();
services.MapLogs();
services.MapEvents();
services.MapEndpoints();
services.MapInstances();
services.MapSecrets();
services.MapConfigs();

await app.RunAsync();
return 0;
