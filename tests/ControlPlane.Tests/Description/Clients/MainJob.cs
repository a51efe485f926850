using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Threading.Tasks;

namespace Generated;

/// <summary>What people do with a client: compiled together with the generated one, and run by the test.</summary>
public static class MainJob
{
    public static async Task<IReadOnlyList<string>> Run(HttpClient http)
    {
        var client = new OrchestratorClient(http);
        List<string> told = [];

        var created = await client.CreateServiceAsync("web", new NewService
        {
            Image = "web:1",
            Instances = 2,
            Ports = [new PortMapping { Container = 80, Protocol = PortProtocol.Tcp }],
            Env = new Dictionary<string, string> { ["A"] = "1", ["B"] = "2" },
            Resources = new() { Reserve = new() { Cpu = 0.5, Memory = "64Mi" } },
            Update = new() { Order = UpdateOrder.StartFirst, Monitor = "10s" },
        });
        told.Add($"created {created.Name} as revision {created.Revision}: "
            + $"{created.Spec.Update.Order}, {created.Spec.Resources.Reserve.Memory}");

        var changed = await client.UpdateServiceAsync("web", new ServicePatch
        {
            Image = "web:2",
            Env = new Dictionary<string, string> { ["A"] = "3", ["B"] = null },
            Update = new() { Parallelism = 2 },
        });
        told.Add($"changed to revision {changed.Revision}: {changed.Spec.Image}, "
            + $"{string.Join(" ", changed.Spec.Env.Select(it => $"{it.Key}={it.Value}"))}, "
            + $"{changed.Spec.Update.Parallelism} at a time, {changed.Spec.Update.Order}, "
            + $"watched {changed.Spec.Update.Monitor}, port {changed.Spec.Ports.Single().Container}");

        told.Add($"is {(await client.GetServiceAsync("web")).State}");
        told.Add($"listed {string.Join(", ", (await client.ListServicesAsync()).Services.Select(it => it.Name))}");
        told.Add($"history {string.Join(", ", (await client.GetServiceHistoryAsync("web")).Events.Select(it => it.Kind))}");
        var workers = (await client.ListMembersAsync()).Members.Where(it => it.Role == MemberRole.Worker);
        told.Add($"members {string.Join(", ", workers.Select(it => it.Name))}");

        try
        {
            await client.UpdateServiceAsync("web", new ServicePatch { Instances = -1 });
        }
        catch (ApiException<InvalidRequest> e)
        {
            told.Add($"refused with {e.StatusCode}: {string.Join(", ", e.Result.Errors.Select(it => $"{it.Key} {it.Value.Single()}"))}");
        }

        try
        {
            await client.WithdrawServiceAsync("web", if_Match: "\"1.0\"");
        }
        catch (ApiException<Problem> e)
        {
            told.Add($"refused with {e.StatusCode}: {e.Result.Title}");
        }

        told.Add($"withdrawn {(await client.WithdrawServiceAsync("web", why: "done")).Withdrawing}");
        return told;
    }
}
