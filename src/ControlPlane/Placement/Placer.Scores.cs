using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Workers;

namespace Orchestrator.ControlPlane.Placement;

/// <summary>Rank: what an instance costs on a worker.</summary>
internal sealed partial class Placer
{
    public Score ScoreOf(int worker)
    {
        ref readonly var seen = ref fleet[worker];
        var load = LoadOf(fleet.Workers[worker], seen);
        var hasImage = HasImage(worker);
        var binpack = request.Rules.Strategy == PlacementStrategy.Binpack;
        // Live load swings; in steps of a twentieth it does not decide between workers that are as good as equal.
        var step = Math.Round(load * 20) / 20;
        var crowd = binpack
            ? -Score.PerFullness * FullnessOf(fleet.Workers[worker], seen)
            : Score.PerInstance * seen.Here + Score.PerLoad * step;
        var total = crowd
            - preferred[worker] - (hasImage ? Score.Image : 0) + Score.PerFailure * seen.Failing;
        return new Score(total, seen.Here, load, preferred[worker], hasImage, seen.Failing);
    }

    private bool HasImage(int worker)
    {
        if (image[worker] == 0) image[worker] = fleet.Workers[worker].Images.AsSpan().Contains(request.Image) ? (byte)1 : (byte)2;
        return image[worker] == 1;
    }

    private static double LoadOf(Worker worker, in Fleet.Tally seen)
    {
        var live = Math.Clamp(Math.Max(worker.Load.Cpu, worker.Load.Memory), 0, 1);
        // What is on its way and reserves nothing still will need something: a fortieth of the machine is a guess that keeps bursts apart.
        return Math.Clamp((live + FullnessOf(worker, seen)) / 2 + seen.OnTheWay / 40.0, 0, 1);
    }

    private static double FullnessOf(Worker worker, in Fleet.Tally seen)
    {
        var (capacity, reserved) = (worker.Capacity, worker.Load.Reserved);
        var cpu = capacity.Cpu > 0 ? (reserved.Cpu + seen.Cpu) / capacity.Cpu : 0;
        var memory = capacity.Memory.Bytes > 0 ? (double)(reserved.Memory.Bytes + seen.Memory) / capacity.Memory.Bytes : 0;
        var used = Math.Clamp(Math.Max(cpu, memory), 0, 1);
        // Without reservations fullness is told by the number of instances, which never reaches 1.
        var count = worker.Load.Instances + seen.OnTheWay;
        return used > 0 ? used : count / (count + 100.0);
    }
}
