using Orchestrator.WorkerAgent;
using Orchestrator.WorkerAgent.Guard;
using Orchestrator.WorkerAgent.Settings;

// Two programs in one: the guard loads nothing of the agent's web server.
return args is [GuardOptions.Verb, ..] ? await GuardProcess.Run(args) : await AgentProcess.Run(args);
