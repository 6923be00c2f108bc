using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Stochastic gradient descent with momentum, as PyTorch defines it: v = momentum · v + g, p = p − lr · v.</summary>
        public class SGD : OptimizerHelper, IMomentum
        {
            private readonly Options defaults;

            public SGD(IEnumerable<Parameter> parameters, double lr, double momentum = 0.0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
                : this([new ParamGroup { Parameters = parameters }], lr, momentum, dampening, weight_decay, nesterov, maximize)
            { }

            public SGD(IEnumerable<ParamGroup> parameters, double lr, double momentum = 0.0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
            {
                ArgumentOutOfRangeException.ThrowIfNegative(lr);
                ArgumentOutOfRangeException.ThrowIfNegative(momentum);
                ArgumentOutOfRangeException.ThrowIfNegative(weight_decay);
                if (nesterov && (momentum <= 0 || dampening != 0))
                    throw new ArgumentException("Nesterov momentum needs a momentum above 0 and no dampening.", nameof(nesterov));
                defaults = new Options
                {
                    LearningRate = lr,
                    momentum = momentum,
                    dampening = dampening,
                    weight_decay = weight_decay,
                    nesterov = nesterov,
                    maximize = maximize,
                };
                foreach (ParamGroup group in parameters)
                    add_param_group(group);
            }

            /// <summary>The momentum that groups added from now on take; those that exist have their own.</summary>
            public double Momentum
            {
                get => defaults.momentum!.Value;
                set => defaults.momentum = value;
            }

            private protected override void CompleteOptions(Modules.ParamGroup group)
            {
                var options = (Options)(group.Options ??= new Options());
                options.LearningRate ??= defaults.LearningRate;
                options.momentum ??= defaults.momentum;
                options.dampening ??= defaults.dampening;
                options.weight_decay ??= defaults.weight_decay;
                options.nesterov ??= defaults.nesterov;
                options.maximize ??= defaults.maximize;
            }

            private protected override OptimizerState NewState(Parameter parameter, Modules.ParamGroup group) => new State(parameter);

            private protected override void Step(Modules.ParamGroup group, Tensor[] gradients, OptimizerState[] states)
            {
                var options = (Options)group.Options;
                Tensor[] parameters = [.. states.Select(state => state.Parameter)];
                if (options.maximize!.Value)
                    gradients = Foreach.Negated(gradients);
                if (options.weight_decay is not 0.0)
                    gradients = Foreach.Sums(gradients, parameters, options.weight_decay!.Value);
                if (options.momentum is not 0.0)
                {
                    Tensor[] velocities = Accelerate([.. states.Cast<State>()], gradients, options.momentum!.Value, options.dampening!.Value);
                    gradients = options.nesterov!.Value ? Foreach.Sums(gradients, velocities, options.momentum.Value) : velocities;
                }
                Foreach.Add(parameters, gradients, -options.LearningRate!.Value);
            }

            /// <summary>The velocities after this step: a parameter's first is its gradient, whatever the dampening.</summary>
            private static Tensor[] Accelerate(State[] states, Tensor[] gradients, double momentum, double dampening)
            {
                int[] moving = [.. Enumerable.Range(0, states.Length).Where(i => states[i].Velocity is not null)];
                if (moving.Length > 0)
                {
                    Tensor[] velocities = [.. moving.Select(i => states[i].Velocity!)];
                    Foreach.Multiply(velocities, momentum);
                    Foreach.Add(velocities, [.. moving.Select(i => gradients[i])], 1 - dampening);
                }
                return [.. states.Select((state, i) => state.Velocity ??= gradients[i].clone().DetachFromDisposeScope())];
            }

            private sealed class State(Parameter parameter) : OptimizerState(parameter)
            {
                public Tensor? Velocity;

                public override void Save(BinaryWriter writer) => SaveOptional(writer, Velocity);

                public override void Load(BinaryReader reader) => LoadOptional(reader, ref Velocity);

                public override void MoveTo(Device device)
                {
                    if (Velocity is not null)
                        Move(ref Velocity, device);
                }

                public override void Dispose() => Velocity?.Dispose();
            }

            public class Options : OptimizerOptions
            {
                public double? momentum;
                public double? dampening;
                public double? weight_decay;
                public bool? nesterov;
                public bool? maximize;

                public override void SaveStateDict(BinaryWriter writer)
                {
                    base.SaveStateDict(writer);
                    writer.Write(momentum!.Value);
                    writer.Write(dampening!.Value);
                    writer.Write(weight_decay!.Value);
                    writer.Write(nesterov!.Value);
                    writer.Write(maximize!.Value);
                }

                public override void LoadStateDict(BinaryReader reader)
                {
                    base.LoadStateDict(reader);
                    momentum = reader.ReadDouble();
                    dampening = reader.ReadDouble();
                    weight_decay = reader.ReadDouble();
                    nesterov = reader.ReadBoolean();
                    maximize = reader.ReadBoolean();
                }
            }

            public class ParamGroup : ParamGroup<Options>, IMomentum
            {
                public ParamGroup() { }

                public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options) { }

                public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1e-3, double momentum = 0.0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
                    : base(parameters, new Options { LearningRate = lr, momentum = momentum, dampening = dampening, weight_decay = weight_decay, nesterov = nesterov, maximize = maximize })
                { }

                public double Momentum
                {
                    get => Options.momentum!.Value;
                    set => Options.momentum = value;
                }
            }
        }
    }

    public static partial class torch
    {
        public static partial class optim
        {
            public static SGD SGD(IEnumerable<Parameter> parameters, double learningRate, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            public static SGD SGD(IEnumerable<(string name, Parameter parameter)> parameters, double learningRate, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters.Select(p => p.parameter), learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            public static SGD SGD(IEnumerable<SGD.ParamGroup> parameters, double learningRate, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);
        }
    }
}
