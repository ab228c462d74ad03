"""What Streamlit runs for every visit and every click."""

from pathlib import Path

from kg.app.main import main

SCRIPT = Path(__file__)

if __name__ == "__main__":
    main()
