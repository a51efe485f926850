using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NJsonSchema.CodeGeneration.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;
using NSwag.CodeGeneration.OperationNameGenerators;
using Orchestrator.ControlPlane.Tests.Api;

namespace Orchestrator.ControlPlane.Tests.Description.Clients;

/// <summary>A client that a generator makes of the description for generators, as a user would have it made.</summary>
public sealed class GeneratedClient : IAsyncDisposable
{
    private readonly ControlPlaneOverHttp api = new();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task A_client_that_is_generated_compiles_and_does_the_main_job()
    {
        await api.Renew("a");
        var source = await Generate();
        var job = Compile(source, await MainJob()).GetType("Generated.MainJob", throwOnError: true)!.GetMethod("Run")!;
        using var http = api.CreateClient();
        var told = await (Task<IReadOnlyList<string>>)job.Invoke(null, [http])!;
        Assert.Equal(
            [
                "created web as revision 1: StartFirst, 64Mi",
                "changed to revision 2: web:2, A=3, 2 at a time, StartFirst, watched 10s, port 80",
                "is Updating",
                "listed web",
                "history Created, Revision",
                "members a",
                "refused with 400: instances is -1; allowed are 0 to 5,000",
                "refused with 412: Precondition Failed",
                "withdrawn True",
            ],
            told);
    }

    private async Task<string> Generate()
    {
        var document = await OpenApiDocument.FromJsonAsync((await api.Ask("GET /openapi/client.json")).Json!.ToJsonString(), Cancel);
        return new CSharpClientGenerator(document, new CSharpClientGeneratorSettings
        {
            ClassName = "OrchestratorClient",
            UseBaseUrl = false,
            GenerateOptionalParameters = true,
            OperationNameGenerator = new SingleClientFromOperationIdOperationNameGenerator(),
            // Its other library reads no words such as start-first.
            CSharpGeneratorSettings = { Namespace = "Generated", JsonLibrary = CSharpJsonLibrary.NewtonsoftJson },
        }).GenerateFile();
    }

    private static Assembly Compile(params string[] sources)
    {
        var known = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var compilation = CSharpCompilation.Create(
            "Generated",
            sources.Select(it => CSharpSyntaxTree.ParseText(it, cancellationToken: Cancel)),
            known.Select(it => MetadataReference.CreateFromFile(it)),
            new(OutputKind.DynamicallyLinkedLibrary));
        using var program = new MemoryStream();
        var wrong = compilation.Emit(program, cancellationToken: Cancel).Diagnostics
            .Where(it => it.Severity == DiagnosticSeverity.Error).Select(it => $"{it}").ToList();
        Assert.True(wrong.Count == 0, string.Join("\n", wrong.Take(20)));
        return Assembly.Load(program.ToArray());
    }

    private static async Task<string> MainJob()
    {
        using var file = new StreamReader(typeof(GeneratedClient).Assembly.GetManifestResourceStream("MainJob.cs")!);
        return await file.ReadToEndAsync(Cancel);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
