"""People who do not exist, named as people in Brazil are."""

import random
from dataclasses import dataclass

from lastlink_ui.subscribers.normalise import fold


def _words(text: str) -> list[str]:
    return text.split()


_FIRST = _words("""
Adriana Alice Aline Amanda Ana André Antônia Antônio Arthur Augusto Bárbara Beatriz Benício Bento Bernardo
Bianca Brenda Bruna Bruno Caetano Caio Camila Carla Carlos Carolina Cássia Cauã Cecília Célia César Cíntia
Clara Cláudia Cláudio Cristiane Daniel Daniela Davi Débora Denise Diego Douglas Edna Eduarda Eduardo Elaine
Elis Eloá Emanuel Emília Enzo Érica Estela Ester Eva Evandro Fábio Fabiana Fátima Felipe Fernanda Fernando
Flávia Francisca Francisco Gabriel Gabriela Giovana Gisele Glória Guilherme Gustavo Heitor Helena Hélio
Heloísa Henrique Hugo Iara Ícaro Igor Inês Irene Isabela Isadora Ítalo Ivone Jaqueline João Joana Joaquim
Jorge José Josefa Júlia Juliana Júlio Karina Kátia Lara Larissa Laura Lavínia Leandro Leonardo Letícia Lia
Lígia Lívia Lorena Luana Lucas Luciana Luísa Luiz Luzia Maitê Manuela Marcela Marcelo Márcia Marcos Maria
Mariana Marina Mário Marta Mateus Matheus Maurício Melissa Miguel Milena Mirela Mônica Murilo Nádia Natália
Nicolas Noemi Otávio Olívia Patrícia Paula Paulo Pedro Pietra Priscila Rafael Rafaela Raquel Raul Rebeca
Regina Renan Renata Renato Ricardo Rita Roberta Roberto Rodrigo Rogério Rosa Rosângela Ruan Samuel Sandra
Sara Sérgio Sílvia Simone Sofia Sônia Stella Sueli Taís Tatiana Teresa Thaís Thiago Tiago Tomás Valentina
Valéria Vanessa Vera Verônica Vicente Vinícius Vítor Vitória Viviane Wagner Wesley William Yara Yasmin Zélia
""")
_SECOND = _words("""
Alice Antônio Augusto Beatriz Carlos Carolina Cecília César Clara Cristina Eduarda Eduardo Fernanda Fernando
Francisco Gabriel Helena Henrique Isabel José Júlia Laura Lúcia Luísa Luiz Maria Paula Paulo Pedro Rafael Rita
Roberto Sofia Tereza Victor Vitória
""")
_LAST = _words("""
Abreu Aguiar Albuquerque Alencar Almeida Alves Amaral Amorim Andrade Antunes Aragão Araújo Assis Assunção
Azevedo Bandeira Barbosa Barreto Barros Bastos Batista Bezerra Bittencourt Borges Braga Brandão Brito Bueno
Cabral Caldas Camargo Campos Cardoso Carneiro Carvalho Castro Cavalcanti Chagas Chaves Coelho Conceição
Cordeiro Corrêa Costa Couto Cruz Cunha Dantas Dias Diniz Domingues Duarte Esteves Falcão Farias Fernandes
Ferraz Ferreira Figueiredo Fonseca Fontes França Franco Freitas Furtado Galvão Garcia Gomes Gonçalves Guedes
Guerra Guimarães Gusmão Holanda Jardim Junqueira Lacerda Leal Leão Leite Lemos Lima Lins Lobato Lobo Lopes
Macedo Machado Maciel Magalhães Maia Marinho Marques Martins Matos Medeiros Meireles Mello Mendes Mendonça
Menezes Mesquita Miranda Monteiro Moraes Moreira Mota Moura Muniz Nascimento Neves Nogueira Novaes Nunes
Oliveira Pacheco Padilha Paiva Paixão Parente Passos Peixoto Pereira Pessoa Pimentel Pinheiro Pinto Pires
Porto Prado Queiroz Quintela Ramalho Ramos Rangel Rego Reis Rezende Ribeiro Rocha Rodrigues Roriz Sá Salazar
Sales Sampaio Sant'Anna Santana Santiago Santos Saraiva Serra Silva Silveira Siqueira Soares Souza Tavares
Távora Teixeira Teles Toledo Torres Trindade Uchôa Valadares Vale Vargas Vasconcelos Vaz Veiga Viana Vidal
Vieira Xavier Zanetti
""")
_LINKS = ("", "", "", "", "", " da", " de", " dos", " e")
DOMAINS = ("example.com", "example.org", "example.net")
_REMEMBERED = 20_000
MAX_HANDLE = 30


@dataclass(frozen=True, slots=True)
class MadeUp:
    """Somebody's name, profile without @, and e-mail at a domain that nobody owns."""

    name: str
    handle: str
    email: str


class People:
    """Makes people one after the other, no profile twice; the same chance makes the same people.

    `known`: how many were made before by somebody else. Then each profile carries a number beyond theirs.
    """

    def __init__(self, chance: random.Random, known: int = 0) -> None:
        self._chance = chance
        self._number = known
        self._tells_apart_by_number = known > 0
        self._taken: set[str] = set()
        self._plain = {name: fold(name).replace("'", "") for name in {*_FIRST, *_LAST}}

    def next(self) -> MadeUp:
        """Somebody new."""
        self._number += 1
        roll = self._chance.random
        first = _FIRST[int(roll() * len(_FIRST))]
        last = _LAST[int(roll() * len(_LAST))]
        name = first
        if roll() < 0.3:  # noqa: PLR2004 - about a third have two first names
            name += f" {_SECOND[int(roll() * len(_SECOND))]}"
        if roll() < 0.45:  # noqa: PLR2004 - and nearly half two surnames
            name += f" {_LAST[int(roll() * len(_LAST))]}"
        name += f"{_LINKS[int(roll() * len(_LINKS))]} {last}"
        handle = self._handle(self._plain[first], self._plain[last])
        return MadeUp(name, handle, f"{handle.strip('._')}@{DOMAINS[self._number % len(DOMAINS)]}")

    def _handle(self, first: str, last: str) -> str:
        style = int(self._chance.random() * 6)
        handle = (
            f"{first}.{last}",
            f"{first}{last}",
            f"{first}_{last}",
            f"{first[:4]}.{last}",
            f"{first}.{last[:3]}",
            f"_{first}{last[0]}",
        )[style]
        remembers = not self._tells_apart_by_number and len(self._taken) < _REMEMBERED
        if remembers and handle not in self._taken:
            self._taken.add(handle)
            return handle
        # Past the first thousands a number tells namesakes apart, without remembering a million profiles.
        number = str(self._number)
        return f"{handle[: MAX_HANDLE - len(number) - 1]}.{number}"
